"""How a method is called, and what its picture means."""

from PySide6.QtCore import QCoreApplication

_TITLES = {"grad-cam": "Grad-CAM"}
_MEANINGS = {
    "grad-cam": (
        "The warmer an area, the more it speaks for {label}, as seen at {layer}, the last layer that still knows where"
        " things are. It is coarse: read regions, not outlines. Dimmed parts are not shown to the network."
    ),
}
_ANY_MEANING = "The warmer an area, the more it matters for {label}. Seen at {layer}."


def title(method: str) -> str:
    """The method's name as its authors write it; the menu's own word where nothing is known."""
    return _TITLES.get(method, method)


def meaning(method: str, label: str, layer: str) -> str:
    """What the picture of this method says, in a sentence or two."""
    sentence = _MEANINGS.get(method, _ANY_MEANING)
    return QCoreApplication.translate("Methods", sentence).format(label=label, layer=layer)
