"""What a scan reports: images as they are found, problems, the whole folder."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from finetuner.engine.events.event import Event


class ScannedImage(BaseModel):
    """A usable image: where it is, what it is labelled, how it looks from outside."""

    model_config = ConfigDict(frozen=True)
    path: str
    label: str
    split: Literal["train", "val", "test"] | None = None
    width: int
    height: int
    format: str
    content: str = Field("", description="SHA-256 of the file's bytes.")
    group: str = Field(
        "", description="Images of one group look alike, or belong to one burst: they stay in one split."
    )


class ScanProblem(BaseModel):
    """A file that was set aside, and why."""

    model_config = ConfigDict(frozen=True)
    path: str
    reason: str


class ImagesFound(Event):
    """A batch of images by their headers alone: neither `content` nor `group` is known, nor whether a file is whole.

    Told before `ImagesScanned` to whoever asks for headers first; what proves unusable is missing there.
    """

    kind: Literal["images-found"] = "images-found"
    images: tuple[ScannedImage, ...]


class ImagesScanned(Event):
    """A batch of usable images, whole files checked."""

    kind: Literal["images-scanned"] = "images-scanned"
    images: tuple[ScannedImage, ...]


class ScanEnded(Event):
    """The whole folder: `used + excluded = seen`. `classes` maps a name to its number of used images."""

    kind: Literal["scan-ended"] = "scan-ended"
    folder: str
    classes: dict[str, int]
    splits: dict[str, int] = Field(description="Images per split (train, val, test).")
    used: int
    excluded: int
    seen: int
    problems: tuple[ScanProblem, ...] = ()
    notices: tuple[str, ...] = ()
    layout: Literal["folders", "split-folders", "manifest"] = "folders"
