"""This machine: its devices, and the backbones on its disk."""

from pathlib import Path
from typing import Literal

from finetuner.engine.job import Device, Job
from finetuner.engine.requests.request import Request


class DoctorRequest(Request):
    """Versions and a real kernel on each device. Yields DoctorEnded."""

    task: Literal["doctor"] = "doctor"


class CatalogueRequest(Request):
    """The shelf of backbones, searched. Yields CatalogueListed."""

    task: Literal["catalogue"] = "catalogue"
    search: str = ""
    source: str | None = None
    available: bool = False


class SpeedRequest(Request):
    """Time backbones on this machine, one after the other. Yields Progress, SpeedMeasured... for each."""

    task: Literal["measure-speed"] = "measure-speed"
    backbones: tuple[str, ...]
    device: Device = "auto"


class AdviseRequest(Request):
    """Which backbone suits the images of `job`? Yields Progress..., BackboneAdvised..., AdviceEnded.

    `backbones`: names to try; empty: every one whose weights are on this disk.
    """

    task: Literal["advise"] = "advise"
    job: Job
    backbones: tuple[str, ...] = ()


class DownloadRequest(Request):
    """Fetch a backbone's published weights; the only request that opens a socket. Yields Progress..., Downloaded."""

    task: Literal["download"] = "download"
    backbone: str


class CarryOutRequest(Request):
    """Write a network's weights as one file for a machine without network. Yields Progress..., CarriedOut."""

    task: Literal["carry-out"] = "carry-out"
    backbone: str
    out: Path


class CarryInRequest(Request):
    """Check and keep a file that was carried here. Yields Progress, CarriedIn."""

    task: Literal["carry-in"] = "carry-in"
    file: Path


class InspectWeightsRequest(Request):
    """Which network do these weights fit? Yields WeightsInspected."""

    task: Literal["inspect-weights"] = "inspect-weights"
    weights: Path
    backbone: str | None = None
