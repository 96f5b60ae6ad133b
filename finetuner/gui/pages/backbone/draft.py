"""What the draft starts from, in a sentence."""

from PySide6.QtCore import QCoreApplication

from finetuner.engine.backbones.choice import choose
from finetuner.engine.errors import FinetunerError
from finetuner.engine.job import BackbonePart


def is_automatic(part: BackbonePart) -> bool:
    """Whether the user has left the choice to the program."""
    return part.backbone == "auto" and part.weights is None


def in_words(part: BackbonePart) -> str:
    """Which network the next run starts from, and with which weights."""
    if is_automatic(part):
        return _because(part)
    if part.weights is not None:
        return _tr("{} with the weights of {}.").format(part.backbone, part.weights.name)
    if not part.pretrained:
        return _tr("{} with random weights: it learns everything from your images.").format(part.backbone)
    return _tr("{} is the network the next run starts from.").format(part.backbone)


def _because(part: BackbonePart) -> str:
    """Which network *auto* takes at the moment, and why."""
    try:
        return choose(part).because
    except FinetunerError as error:
        return str(error)


def _tr(text: str) -> str:
    return QCoreApplication.translate("Backbone", text)
