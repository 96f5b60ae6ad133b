"""Why a weight file is refused: one sentence each, with the way out. All of these words live here. Torch-free.

The limited child says only which of these it was, and a detail; the sentence is put together in the process that tells
it. A detail comes out of the file, so it is cut short and shown without control characters.
"""

from pathlib import Path
from typing import NamedTuple

from finetuner.engine.dataset.names import readable
from finetuner.engine.errors import FinetunerError

LONGEST_DETAIL = 80
_AGAIN = "Get the file again from where it was published."
_STATE_DICT = 'Where it was made, save the weights alone: torch.save(model.state_dict(), "weights.pth").'
_PLAIN_ZIP = "Get the file again, or save its state dict anew with torch.save."


class Refusal(NamedTuple):
    """`reason` follows the file's name and may show a `{}` detail."""

    reason: str
    way_out: str


REFUSALS = {
    "missing": Refusal("does not exist", "Check the path."),
    "no-file": Refusal("is no ordinary file, but {}", "Give the weight file itself."),
    "unreadable": Refusal("could not be opened: {}", "Check the disk and its permissions."),
    "empty": Refusal("is empty", _AGAIN),
    "too-large": Refusal("is larger than {}, and was not opened", "Give a smaller network's weights."),
    "web-page": Refusal("is a web page, not weights", "A login or an error page was saved in their place. " + _AGAIN),
    "pointer": Refusal("is a Git LFS pointer, not the weights themselves", "Fetch them with: git lfs pull"),
    "zeros": Refusal("begins with nothing but zeros: it was not written to its end", _AGAIN),
    "tar": Refusal("is a tar archive, which is not opened", "Unpack it. If torch wrote it long ago: " + _STATE_DICT),
    "code": Refusal("contains program code ({}) and was not opened", _STATE_DICT),
    "whole-model": Refusal("holds a whole model ({}), which is a program, and was not opened", _STATE_DICT),
    "torchscript": Refusal(
        "is a TorchScript program, not weights, and was not opened",
        'Where it was made: torch.save(torch.jit.load(file).state_dict(), "weights.pth").',
    ),
    "exported": Refusal("is a program that torch exported, not weights, and was not opened", _STATE_DICT),
    "compressed": Refusal("is compressed, which no weight file is, and was not opened", _PLAIN_ZIP),
    "claims": Refusal("claims to be larger than it is, and was not opened", _PLAIN_ZIP),
    "odd-archive": Refusal("is an archive that torch did not write ({}), and was not opened", _PLAIN_ZIP),
    "odd-pickle": Refusal("is no weight file, or in a form that is not read ({})", _STATE_DICT),
    "growth": Refusal("would unpack to {}, which is no weight file's way, and was not opened", _PLAIN_ZIP),
    "limits": Refusal("needed more memory or time than a state dict does, and was not opened", _STATE_DICT),
    "disk": Refusal("could not be converted: {}", "Free some space for the converted copy."),
    "damaged": Refusal("is damaged or no weight file ({})", _AGAIN),
    "no-weights": Refusal("holds no weights by name", _STATE_DICT),
    "no-plain-tensor": Refusal(
        "holds a tensor that is no plain array of numbers ({})",
        "Where it was made, save plain tensors: to_dense() for sparse, dequantize() for quantised ones.",
    ),
    "too-many": Refusal("claims {} tensors, more than any network has, and was not opened", _AGAIN),
    "no-safetensors": Refusal("is no safetensors file: {}", _AGAIN),
    "disguised": Refusal("is no safetensors file, but {}", "If you trust its source, rename it to .pth."),
    "not-finite": Refusal("holds numbers that are not finite, in {}", _AGAIN),
}


class RefusedError(Exception):
    """A weight file is not opened: a key of REFUSALS, and the detail of this file."""

    def __init__(self, kind: str, detail: object = "") -> None:
        super().__init__(kind, shown(str(detail)))
        self.kind, self.detail = kind, shown(str(detail))


def told(path: Path, refusal: RefusedError) -> FinetunerError:
    """The refusal of this file, for the user."""
    reason, way_out = REFUSALS[refusal.kind]
    return FinetunerError(f"{readable(path.name)} {reason.format(refusal.detail)}.", way_out)


def shown(text: str) -> str:
    """Words out of a stranger's file as they can be printed: the first line of them, no control characters."""
    cut = readable(text[: LONGEST_DETAIL + 1].split("\n")[0])
    return cut if len(cut) <= LONGEST_DETAIL else f"{cut[:LONGEST_DETAIL]}…"
