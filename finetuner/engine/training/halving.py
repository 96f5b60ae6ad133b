"""Where the device's memory does not hold a batch: half of it at a time."""

from collections.abc import Callable, Sequence
from typing import TypeVar

import torch
from torch import Tensor

from finetuner.engine.errors import FinetunerError

Said = TypeVar("Said")


def ran_out(error: RuntimeError) -> bool:
    """Whether it says that the device's memory does not suffice; an Apple GPU has only words for it."""
    return isinstance(error, torch.OutOfMemoryError) or "out of memory" in str(error)


def halved(images: int) -> int:
    """Half as many; what the device keeps in reserve is let go. Raises FinetunerError where it was a single one."""
    if images == 1:
        raise FinetunerError(
            "Not even one image at a time fits into the device's memory.",
            "Choose a smaller backbone, a smaller image size, or the CPU.",
        )
    torch.cuda.empty_cache()  # does nothing where no GPU is in use
    if torch.backends.mps.is_available():
        torch.mps.empty_cache()
    return images // 2


def in_pieces(look: Callable[[Tensor], Said], batch: Tensor) -> list[Said]:
    """What `look` says of the whole batch, or of its pieces in order, halved until they fit.

    For passes in which nothing learns: there each image stands alone, and the pieces together say what the whole would.
    """
    try:
        return [look(batch)]
    except RuntimeError as error:
        if not ran_out(error):
            raise
    # not within `except`: the traceback holds the tensors that must go
    return [said for piece in batch.split(halved(len(batch))) for said in in_pieces(look, piece)]


def rejoined(pieces: Sequence[Tensor]) -> Tensor:
    """What was said of the pieces as one; where there is but one it is not copied."""
    return pieces[0] if len(pieces) == 1 else torch.cat(list(pieces))
