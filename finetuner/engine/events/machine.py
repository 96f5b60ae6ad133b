"""What this machine has: devices, the shelf of backbones, previews."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from finetuner.engine.events.event import Event

# where a backbone's weights are
Availability = Literal["in the box", "on disk", "download", "random weights only"]
# what the licence of its weights allows; `none`: it has no published weights
Permission = Literal["free", "own-terms", "non-commercial", "unknown", "none"]


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
    """A line of the catalogue. Numbers hold for one image of `input_size` pixels; None where they are not known."""

    model_config = ConfigDict(frozen=True)
    name: str
    source: str
    family: str
    architecture: str = Field("", description="The network without the tag of its weights.")
    parameters: int
    input_size: int
    gmacs: float | None = Field(None, description="Billions of multiply-adds of a forward pass.")
    top1: float | None = Field(None, description="Published ImageNet top-1 accuracy in percent.")
    top1_size: int = Field(0, description="The image side at which that accuracy was measured.")
    milliseconds: float | None = Field(None, description="A forward pass on this machine, as last measured.")
    measured_on: str = Field("", description="Under which condition: 'cpu, 2 threads'.")
    memory_mb: float | None = Field(None, description="Estimated peak of training every layer, fp32, batch 32.")
    size_mb: float = Field(description="The weights in fp32.")
    available: bool = Field(description="Its weights are on this disk, or came with the program.")
    availability: Availability
    where: str = Field(description="The availability; with the size of a download: 'download 14 MB'.")
    licence: str = ""
    permission: Permission = "unknown"
    recommended: str = Field("", description="For which wish it is recommended: 'fast', 'balanced', 'accurate'.")
    note: str = ""


class CatalogueListed(Event):
    """The shelf of backbones."""

    kind: Literal["catalogue-listed"] = "catalogue-listed"
    rows: tuple[BackboneRow, ...]


class SpeedMeasured(Event):
    """How long a backbone takes for one image of `image_size` pixels."""

    kind: Literal["speed-measured"] = "speed-measured"
    backbone: str
    architecture: str
    image_size: int
    milliseconds: float
    measured_on: str = Field(description="'cpu, 2 threads', or 'cuda'.")


class Downloaded(Event):
    """A backbone's weights are on this disk now."""

    kind: Literal["downloaded"] = "downloaded"
    backbone: str
    path: str


class CarriedOut(Event):
    """A network's weights are in one file, to be carried to another machine."""

    kind: Literal["carried-out"] = "carried-out"
    backbone: str
    path: str


class CarriedIn(Event):
    """A file that was carried here is kept, and its network is offered. `sentence`: how its weights fit."""

    kind: Literal["carried-in"] = "carried-in"
    backbone: str
    path: str
    licence: str
    sentence: str


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
