"""One run's folder and the names of its parts."""

import json
from collections.abc import Iterable
from pathlib import Path

from finetuner.engine.errors import FinetunerError
from finetuner.engine.events import ScannedImage
from finetuner.engine.files import write_text
from finetuner.engine.job import Job
from finetuner.engine.run_store.checkpoints import Checkpoints, replace_folder
from finetuner.engine.run_store.control import Control
from finetuner.engine.run_store.event_log import EventLog
from finetuner.engine.run_store.lock import RunLock


class RunFolder:
    """The parts of a run on disk. Opening one reads nothing; each part is read when asked for."""

    def __init__(self, path: Path) -> None:
        self.path = path.absolute()
        self.job_file = self.path / "job.toml"
        self.split_file = self.path / "split.json"
        self.classes_file = self.path / "classes.txt"
        self.metrics_file = self.path / "metrics.json"
        self.predictions_file = self.path / "predictions.csv"
        self.report_file = self.path / "report.html"
        self.best = self.path / "best"
        self.events = EventLog(self.path / "events.jsonl")
        self.checkpoints = Checkpoints(self.path / "checkpoints")
        self.control = Control(self.path / "control")
        self.lock = RunLock(self.path / "lock")

    @classmethod
    def create(cls, path: Path, job: Job) -> "RunFolder":
        """A new run folder that holds its job. Raises FinetunerError when a run is already there."""
        run = cls(path)
        if run.path.exists() and not _is_empty(run.path):
            raise FinetunerError(f"The folder {path} is not empty.", "Choose another --out folder.")
        try:
            replace_folder(run.path, {"job.toml": job.to_toml().encode("utf-8", "surrogateescape")})
        except OSError as error:
            raise FinetunerError(f"The run folder {path} cannot be written: {error.strerror}.") from error
        return run

    @classmethod
    def open(cls, path: Path) -> "RunFolder":
        """An existing run. Raises FinetunerError when the folder holds none."""
        run = cls(path)
        if not run.job_file.is_file():
            raise FinetunerError(f"{path} is not a run: it holds no job.toml.", "`finetuner runs` lists the runs.")
        return run

    @property
    def job(self) -> Job:
        """The job as it was started. Raises FinetunerError when it is missing or damaged."""
        return Job.load(self.job_file)

    @property
    def classes(self) -> tuple[str, ...]:
        """Class names in index order."""
        return tuple(_unescape(line) for line in self.classes_file.read_text("utf-8", "surrogateescape").splitlines())

    def pin_split(self, classes: tuple[str, ...], images: Iterable[ScannedImage]) -> None:
        """Write down which file went where, with its content hash."""
        rows = [image.model_dump(include={"path", "label", "split", "content"}) for image in images]
        write_text(self.classes_file, "".join(f"{_escape(name)}\n" for name in classes))
        write_text(self.split_file, json.dumps({"classes": list(classes), "images": rows}))

    def pinned(self, split: str) -> list[tuple[Path, str]]:
        """Path and label of each image of a split, in the pinned order."""
        images = json.loads(self.split_file.read_text("utf-8"))["images"]
        return [(Path(row["path"]), row["label"]) for row in images if row["split"] == split]


def _is_empty(folder: Path) -> bool:
    return folder.is_dir() and next(folder.iterdir(), None) is None


def _escape(name: str) -> str:
    return name.replace("\\", "\\\\").replace("\n", "\\n").replace("\r", "\\r")


def _unescape(line: str) -> str:
    return line.replace("\\r", "\r").replace("\\n", "\n").replace("\\\\", "\\")
