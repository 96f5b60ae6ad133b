"""How fast is a backbone on this very machine? Random weights do: a network's speed does not depend on them."""

import time
from collections.abc import Generator, Iterator
from statistics import median

import psutil
import torch
from torch import Tensor, nn

from finetuner.engine.backbones import speeds
from finetuner.engine.backbones.names import find
from finetuner.engine.backbones.network import Network, build
from finetuner.engine.backbones.speeds import Condition
from finetuner.engine.errors import FinetunerError
from finetuner.engine.events import Event, Notice, Progress, SpeedMeasured
from finetuner.engine.job import BackbonePart
from finetuner.engine.requests import SpeedRequest
from finetuner.engine.training.hardware import choose_device

WARM_UP, FEWEST, MOST, ENOUGH_SECONDS = 2, 5, 50, 0.5
BUSY_PERCENT, LOOK_SECONDS = 50.0, 0.2
_CLASSES = 10


def measure_speed(request: SpeedRequest) -> Iterator[Event]:
    """Time one image through each backbone: fp32, channels-last, evaluation mode, as many threads as training takes.

    The median of 5 to 50 passes (until half a second is over) after two for warming up; it is kept in the cache.
    Yields Progress between any two passes, so that a stop is heard at once; SpeedMeasured for each backbone; Notice
    for one that is not timed: it cannot be built, or the machine is busy with something else. Raises FinetunerError
    when the device does not work.
    """
    device = choose_device(request.device)
    condition = condition_of(device)
    for number, name in enumerate(request.backbones):
        yield Progress(activity=f"Timing {name}", done=number, total=len(request.backbones))
        try:
            yield from _measure(name, device, condition)
        except FinetunerError as error:
            yield Notice(sentence=f"{name} was not timed. {error.sentence}", next_step=error.next_step)


def condition_of(device: torch.device) -> Condition:
    """What a time measured now, on this device, is true for."""
    return Condition(device=device.type, threads=torch.get_num_threads(), torch=speeds.installed_torch())


def _measure(name: str, device: torch.device, condition: Condition) -> Generator[Event, None, None]:
    entry = find(name)
    milliseconds = speeds.known(condition).of(entry.architecture, entry.input_size)
    if milliseconds is None:
        _refuse_if_busy()
        network = build(BackbonePart(backbone=name, pretrained=False), _CLASSES, load=False)
        milliseconds = yield from time_one(network, device)
        speeds.remember(condition, entry.architecture, entry.input_size, milliseconds)
    yield SpeedMeasured(
        backbone=entry.name,
        architecture=entry.architecture,
        image_size=entry.input_size,
        milliseconds=milliseconds,
        measured_on=str(condition),
    )


def _refuse_if_busy() -> None:
    """Raise FinetunerError on a processor that others use: threads waiting for each other take many times as long."""
    others = psutil.cpu_percent(LOOK_SECONDS)
    if others > BUSY_PERCENT:
        raise FinetunerError(
            f"Other programs keep the processor {others:.0f} % busy, and a time taken now would mean nothing.",
            "Try again when they have ended.",
        )


def time_one(network: Network, device: torch.device) -> Generator[Event, None, float]:
    """The milliseconds that one image takes. Yields Progress between any two passes."""
    name, size = network.name, network.preprocessing.input_size
    model = network.model.to(memory_format=torch.channels_last).to(device).eval()
    image = torch.rand(1, 3, size, size, device=device).to(memory_format=torch.channels_last)
    for number in range(WARM_UP):
        seconds_of_pass(model, image)
        yield Progress(activity=f"Warming up {name}", done=number + 1, total=WARM_UP)
    taken: list[float] = []
    while len(taken) < FEWEST or (sum(taken) < ENOUGH_SECONDS and len(taken) < MOST):
        taken.append(seconds_of_pass(model, image))
        yield Progress(activity=f"Timing {name}", done=len(taken), total=MOST)
    return median(taken) * 1e3


@torch.inference_mode()
def seconds_of_pass(model: nn.Module, images: Tensor) -> float:
    """One forward pass, until its result can be read."""
    start = time.perf_counter()
    model(images).sum().item()
    return time.perf_counter() - start
