"""Where an axis puts its ticks, and how it writes them: round numbers, never crowded."""

import math


def linear_ticks(low: float, high: float, about: int = 4) -> list[float]:
    """Round numbers within `low`..`high`, near `about` of them, steps of 1, 2 or 5 times a power of ten."""
    if not high > low:
        return [low]
    step = round_step((high - low) / max(about, 1))
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    return [index * step for index in range(first, last + 1)]


def round_step(span: float) -> float:
    """The smallest of 1, 2, 5 times a power of ten that is at least `span`."""
    power = 10.0 ** math.floor(math.log10(span))
    return next(factor * power for factor in (1, 2, 5, 10) if factor * power >= span * (1 - 1e-9))


def log_ticks(low: float, high: float) -> list[float]:
    """Powers of ten within `low`..`high`; the two ends where no power lies between."""
    if not 0 < low < high:
        return [low]
    exponents = range(math.ceil(math.log10(low) - 1e-9), math.floor(math.log10(high) + 1e-9) + 1)
    stride = max(1, math.ceil(len(exponents) / 4))
    return [10.0**exponent for exponent in exponents[::stride]] or [low, high]


def decades(low: float, high: float) -> list[float]:
    """1, 2 and 5 times the powers of ten within `low`..`high`."""
    powers = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
    ticks = [factor * 10.0**power for power in powers for factor in (1, 2, 5)]
    return [tick for tick in ticks if low <= tick <= high]


def write_number(value: float) -> str:
    """Three figures, without noise: 0.25, 12, 1e-4."""
    if value == 0:
        return "0"
    if abs(value) < 0.0099 or abs(value) >= 1e5:
        mantissa, exponent = f"{value:.1e}".split("e")
        return f"{mantissa.removesuffix('.0')}e{int(exponent)}"
    return f"{value:.3g}" if abs(value) < 100 else f"{value:.0f}"


def write_rate(value: float) -> str:
    """A learning rate, always as a power of ten: 1e-2, 3.2e-4."""
    mantissa, exponent = f"{value:.1e}".split("e")
    return f"{mantissa.removesuffix('.0')}e{int(exponent)}"


def write_percent(value: float) -> str:
    """A share as a percentage with one decimal, always: digits that come and go would make a number dance."""
    return f"{value * 100:.1f}\u202f%"


def write_percent_tick(value: float) -> str:
    """A share as a percentage, as short as it can be: 90 %, 92.5 %."""
    return f"{value * 100:.4g}\u202f%"
