"""Opens hostile files and watches: did anything run, in this process or in the limited child?

Three witnesses. A *canary* file, which every payload would create. An *audit hook* in this process, which holds each
event against an allow-list. And one in the child, behind the door that the child shuts: what it hears has passed it.
"""

import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import onnx
import timm

from finetuner.engine.errors import FinetunerError
from tests.hostile_checkpoints.case import Case, fixed
from tests.hostile_checkpoints.ears import listening
from tests.hostile_checkpoints.limited_fork import forking
from tests.hostile_checkpoints.runs import altered
from tests.hostile_checkpoints.tensors import saved
from tests.hostile_checkpoints.ways import run_ways, ways


@dataclass
class Outcome:
    """What became of one file by one way. `verdict`: refused, loaded, or the name of an exception nobody expected."""

    case: Case
    way: str
    verdict: str = ""
    told: str = ""
    events: list[str] = field(default_factory=list)
    canary: bool = False
    seconds: float = 0.0
    peak_mb: float = 0.0

    @property
    def executed(self) -> bool:
        """Whether anything of the file's ran."""
        return self.canary or bool(self.events)


class Harness:
    """Opens cases by any way. `writable`: where the program itself may write while it does."""

    def __init__(self, folder: Path, *writable: Path) -> None:
        self.folder, self.canaries = folder / "files", folder / "canaries"
        self._files: dict[tuple[str, str], Path] = {}
        self._writable = tuple(str(path) for path in (folder, *writable))
        for place in (self.folder, self.canaries):
            place.mkdir(parents=True)

    def open(self, case: Case, way: str, opening: Callable[[Path], object]) -> Outcome:
        """Open one file by one way."""
        path, outcome, started = self._path(case), Outcome(case, way), time.monotonic()
        with listening(outcome.events, self._writable), forking() as overheard:
            outcome.verdict, outcome.told = _verdict(opening, path)
        outcome.events += overheard.events
        outcome.seconds, outcome.peak_mb = time.monotonic() - started, overheard.peak_mb
        outcome.canary = any(self.canaries.iterdir())
        self._sweep()
        return outcome

    def _path(self, case: Case) -> Path:
        """Written once; a run folder is altered by what is done with it, so it is made anew."""
        key = case.kind, case.name
        if case.kind == "run" and key in self._files:
            shutil.rmtree(self._files.pop(key))
        if key not in self._files:
            self._files[key] = case.written(self.folder, self.canaries)
        return self._files[key]

    def _sweep(self) -> None:
        """Remove canaries, so that the next file is not blamed for them."""
        shutil.rmtree(self.canaries)
        self.canaries.mkdir()


def rehearsed(harness: Harness, run: Path) -> None:
    """Open something honest in every way, so that what the program itself imports is not put down to a file."""
    honest = Case("honest", "weights", ".pth", fixed(saved(timm.create_model("test_resnet").state_dict())))
    graph = Case("honest-graph", "weights", ".onnx", fixed(onnx.ModelProto(ir_version=10).SerializeToString()))
    for way, opening in ways(run).items():
        harness.open(honest, way, opening)
        harness.open(graph, way, opening)
    for way, opening in run_ways().items():
        harness.open(Case("run", "honest", "", altered(run, lambda _: None)), way, opening)


def _verdict(opening: Callable[[Path], object], path: Path) -> tuple[str, str]:
    try:
        opening(path)
    except FinetunerError as error:
        return "refused", str(error)
    except Exception as error:  # noqa: BLE001  whatever else it is, it is what the table must show
        return type(error).__name__, str(error)
    return "loaded", ""
