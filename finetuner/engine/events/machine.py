"""What this machine has: devices, the shelf of backbones, previews."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from finetuner.engine.events.event import Event


class DeviceChecked(BaseModel):
    """A device on which a real kernel ran, or the reason why none did, with the fix."""

    model_config = ConfigDict(frozen=True)
    device: str
    name: str
    works: bool
    chosen: bool = False
    reason: str = ""
    fix: str = ""
    memory_mb: float = 0.0
    gigaflops: float = 0.0


class DoctorEnded(Event):
    """Versions and devices. `checks` holds the rest: free disk, runs folder, network switch."""

    kind: Literal["doctor-ended"] = "doctor-ended"
    versions: dict[str, str]
    devices: tuple[DeviceChecked, ...]
    checks: dict[str, str] = Field(default_factory=dict)


class BackboneRow(BaseModel):
    """A line of the catalogue. `size_mb`: fp32 weights. `where`: a short word on availability."""

    model_config = ConfigDict(frozen=True)
    name: str
    source: str
    family: str
    parameters: int
    input_size: int
    size_mb: float
    available: bool = Field(description="Its weights are on this disk.")
    where: str = Field(description="'on disk', 'download 14 MB', 'random weights only'.")
    licence: str = ""
    note: str = ""


class CatalogueListed(Event):
    """The shelf of backbones."""

    kind: Literal["catalogue-listed"] = "catalogue-listed"
    rows: tuple[BackboneRow, ...]


class Downloaded(Event):
    """A backbone's weights are on this disk now."""

    kind: Literal["downloaded"] = "downloaded"
    backbone: str
    path: str


class WeightsInspected(Event):
    """A local weight file: which architecture it fits, and how well."""

    kind: Literal["weights-inspected"] = "weights-inspected"
    path: str
    backbone: str
    loaded: int
    total: int
    sentence: str


class PreviewMade(Event):
    """Augmented versions of one image, as PNG files; the first is the image as the network sees it plain."""

    kind: Literal["preview-made"] = "preview-made"
    images: tuple[str, ...]
