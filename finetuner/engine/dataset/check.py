"""One file, looked at: a usable image with what is odd about it, or the reason why it is none."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from finetuner.engine.dataset.candidate import Candidate
from finetuner.engine.dataset.decode import Decoded, UnreadableImage, decode
from finetuner.engine.dataset.likeness import difference_hash
from finetuner.engine.events import ScannedImage, ScanProblem
from finetuner.engine.files import sha256_of

DECODED_SIDE = 128
"""Large enough for the look's hash. A JPEG decoded at 1/8 still reads every byte, so that cut ones are found."""
SMALLEST_SIDE = 16
LONGEST_ASPECT = 16

Remark = Literal["suffix", "animated", "stretched", "extreme"]


@dataclass(frozen=True, slots=True)
class Checked:
    """A usable image, its difference hash (None: too flat), and what the user may want to know about it."""

    image: ScannedImage
    look: int | None
    remarks: tuple[Remark, ...]


def check(candidate: Candidate) -> Checked | ScanProblem:
    """Decode the whole file as training will, and hash its bytes. Never raises for a bad file."""
    if candidate.reason:
        return ScanProblem(path=candidate.path, reason=candidate.reason)
    path = Path(candidate.path)
    try:
        decoded = decode(path, DECODED_SIDE)
        content = sha256_of(path)
    except UnreadableImage as error:
        return ScanProblem(path=candidate.path, reason=error.reason)
    except OSError as error:
        return ScanProblem(path=candidate.path, reason=f"cannot be read: {error.strerror}")
    image = _described(candidate, decoded, content)
    return Checked(image, difference_hash(decoded.image), _remarks(path, decoded))


def _described(candidate: Candidate, decoded: Decoded, content: str) -> ScannedImage:
    return ScannedImage(
        path=candidate.path,
        label=candidate.label,
        split=candidate.split,
        width=decoded.width,
        height=decoded.height,
        format=decoded.format.name,
        content=content,
        group=content,
    )


def _remarks(path: Path, decoded: Decoded) -> tuple[Remark, ...]:
    short, long = sorted((decoded.width, decoded.height))
    facts: dict[Remark, bool] = {
        "suffix": path.suffix.lower() not in decoded.format.suffixes,
        "animated": decoded.animated,
        "stretched": decoded.stretched,
        "extreme": short < SMALLEST_SIDE or long > LONGEST_ASPECT * short,
    }
    return tuple(remark for remark, holds in facts.items() if holds)
