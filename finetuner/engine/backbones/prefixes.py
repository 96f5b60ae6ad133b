"""Names as their network gives them: what wrappers and training methods put before every name is taken off.

DataParallel writes `module.`, torch.compile `_orig_mod.`, Lightning `model.`, MoCo `module.encoder_q.`, DINO
`module.backbone.`, and every author something of their own. So no list is kept: each beginning that many names share is
tried, and the names behind it that are most like a known network's win. Torch-free.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import accumulate
from typing import TypeVar

from finetuner.engine.backbones.fingerprints import likeliest

# below this likeness no architecture is recognised
ALIKE = 0.5
_SURE = 0.9
_DEEPEST = 8
_SHARE, _MAJORITY = 0.25, 0.9
# of two networks that are equally alike, the one its method recommends
_BETTER = ("ema", "teacher", "encoder_q", "base_encoder", "online", "student")
_WRAPPERS = frozenset({"module", "_orig_mod", "model", "backbone", "net", "network", "encoder", "base_model", "trunk"})
Value = TypeVar("Value")


def without_prefix(state: Mapping[str, Value], shapes: Mapping[str, Sequence[int]]) -> dict[str, Value]:
    """The part of `state` that is one network, under its own names. `shapes` are those of its tensors."""
    prefix = _prefix(shapes)
    return {name.removeprefix(prefix): value for name, value in state.items() if name.startswith(prefix)}


def _prefix(shapes: Mapping[str, Sequence[int]]) -> str:
    found = {"": likeliest(shapes)[1]}
    if found[""] >= _SURE:
        return ""
    found |= {prefix: likeliest(_behind(prefix, shapes))[1] for prefix in _shared(shapes, _SHARE)}
    best = max(found, key=lambda prefix: (found[prefix], _rank(prefix)))
    return best if found[best] > ALIKE else _wrapping(shapes)


def _wrapping(shapes: Mapping[str, Sequence[int]]) -> str:
    """The longest beginning of nearly all names that is made of wrappers' words, for networks not known here."""
    shared = _shared(shapes, _MAJORITY)
    return max((prefix for prefix in shared if _WRAPPERS.issuperset(prefix[:-1].split("."))), key=len, default="")


def _shared(names: Mapping[str, object], share: float) -> list[str]:
    """Beginnings, with their last dot, that at least this share of the names have."""
    counts = Counter(beginning for name in names for beginning in _beginnings(name))
    return [beginning for beginning, count in counts.items() if count >= share * len(names)]


def _beginnings(name: str) -> list[str]:
    parts = name.split(".", _DEEPEST)[:-1]
    return list(accumulate(f"{part}." for part in parts))


def _behind(prefix: str, shapes: Mapping[str, Sequence[int]]) -> dict[str, Sequence[int]]:
    return {name.removeprefix(prefix): shape for name, shape in shapes.items() if name.startswith(prefix)}


def _rank(prefix: str) -> tuple[int, int]:
    preferred = [-rank for rank, word in enumerate(_BETTER) if word in prefix]
    return max(preferred, default=-len(_BETTER)), -len(prefix)
