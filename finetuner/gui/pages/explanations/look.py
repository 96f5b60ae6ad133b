"""How pictures are looked at: the photo, the bare map, or the map on the photo, more or less opaque."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from finetuner.engine.events import Explained
from finetuner.gui.pages.explanations.wish import draws_map

if TYPE_CHECKING:
    from PIL import Image

View = Literal["original", "map", "overlay"]


@dataclass(frozen=True)
class Look:
    """`strength` of the overlay, 0 to 1."""

    view: View = "overlay"
    strength: float = 1.0

    def saved(self) -> "Look":
        """What is worth keeping: a photo without the map would be one that the user has already."""
        return Look() if self.view == "original" else self


def source(explained: Explained, look: Look) -> str:
    """The file in which the picture lies, the overlay at full strength. Methods that draw have but one picture."""
    if not draws_map(explained.method) or look.view == "overlay":
        return explained.overlay
    return explained.image if look.view == "original" else explained.heat


def rendered(explained: Explained, look: Look) -> "Image.Image":
    """The picture as it is looked at, with every pixel. Raises UnreadableImage. Called in a thread: it decodes."""
    from PIL import Image

    from finetuner.engine.dataset.decode import open_rgb

    picture = open_rgb(Path(source(explained, look)))
    if not draws_map(explained.method) or look.view != "overlay" or look.strength == 1:
        return picture
    photo = open_rgb(Path(explained.image)).resize(picture.size, Image.Resampling.LANCZOS)
    return Image.blend(photo, picture, look.strength)
