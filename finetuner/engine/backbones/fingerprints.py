"""Fingerprints: which architecture do these weights belong to? Torch-free; the table is made by a script.

An architecture's fingerprint is the set of its weights' names and shapes, head left out as far as it can be
told without building the network. Each name-and-shape is kept as a 24-bit hash; a thousand networks of some
hundred tensors each, sampled to at most `KEPT` tensors, make a small table.
"""

import base64
import hashlib
import json
from collections.abc import Mapping, Sequence
from functools import cache

from finetuner.engine import paths

KEPT = 40
_BYTES = 3
Shapes = Mapping[str, Sequence[int]]


def fingerprint(shapes: Shapes) -> str:
    """The `KEPT` smallest hashes of names and shapes (a bottom-k sketch, Cohen & Kaplan 2007), as base64."""
    return base64.b64encode(b"".join(_smallest(_hashes(shapes)))).decode()


def likeliest(shapes: Shapes) -> tuple[str, float]:
    """The architecture most like these weights, and the estimated Jaccard similarity (0..1)."""
    # what is smallest in a union is smallest in its parts, so `KEPT` of a stranger's many are enough
    own = frozenset(_smallest(_hashes(shapes)))
    alike = {name: _similarity(own, known) for name, known in _table().items()}
    best = max(alike.values())
    # a timm name is preferred to torchvision's equal one, a plain name to a variant of it
    return min((name for name, likeness in alike.items() if likeness == best), key=_plainness), best


def _similarity(own: frozenset[bytes], known: frozenset[bytes]) -> float:
    """Of the smallest hashes of both together, the share that is in both."""
    union = _smallest(own | known)
    return sum(value in own and value in known for value in union) / max(len(union), 1)


def _smallest(hashes: frozenset[bytes]) -> list[bytes]:
    return sorted(hashes)[:KEPT]


def _hashes(shapes: Shapes) -> frozenset[bytes]:
    counted = ((name.lstrip("!"), shape) for name, shape in shapes.items())
    # batch-norm's step counter is absent from older files
    return frozenset(_hash(name, shape) for name, shape in counted if not name.endswith("num_batches_tracked"))


def _plainness(name: str) -> tuple[bool, int, str]:
    return ("/" in name, len(name), name)


def _hash(name: str, shape: Sequence[int]) -> bytes:
    return hashlib.blake2b(f"{name}{list(shape)}".encode(), digest_size=_BYTES).digest()


@cache
def _table() -> dict[str, frozenset[bytes]]:
    text = (paths.resources() / "backbones" / "fingerprints.json").read_text("utf-8")
    return {name: frozenset(_split(base64.b64decode(sketch))) for name, sketch in json.loads(text).items()}


def _split(sketch: bytes) -> list[bytes]:
    return [sketch[start : start + _BYTES] for start in range(0, len(sketch), _BYTES)]
