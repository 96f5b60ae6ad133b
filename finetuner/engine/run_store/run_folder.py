"""One run's folder and the names of its parts."""

import json
import os
import re
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from finetuner.engine.documents import read_document, read_json
from finetuner.engine.errors import FinetunerError
from finetuner.engine.events import RunStarted, ScannedImage
from finetuner.engine.files import write_text
from finetuner.engine.job import Job
from finetuner.engine.run_store import class_names, thresholds
from finetuner.engine.run_store.checkpoints import Checkpoints
from finetuner.engine.run_store.control import Control
from finetuner.engine.run_store.event_log import EventLog
from finetuner.engine.run_store.lock import RunLock
from finetuner.engine.run_store.pinned import PinnedImage

LARGEST_SPLIT = 2**30
_FILES = re.compile(
    r"(job|split|metrics|classes|owner|events|predictions|report|findings|thresholds|unknown|model_card)\.[a-z]+|lock|control"
)
_FOLDERS = ("checkpoints", "best", "watch")
_IGNORED = re.compile(r"control|lock|\.(control|job\.toml)\.[0-9a-f]+\.tmp")


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
        self.thresholds_file = self.path / thresholds.FILE
        self.card_file = self.path / "model_card.md"
        self.best = self.path / "best"
        self.watch = self.path / "watch"
        self.events = EventLog(self.path / "events.jsonl")
        self.checkpoints = Checkpoints(self.path / "checkpoints")
        self.control = Control(self.path / "control")
        self.lock = RunLock(self.path / "lock")

    @classmethod
    def create(cls, path: Path, job: Job) -> "RunFolder":
        """A new run folder that holds its job. Raises FinetunerError when a run is already there."""
        with cls.claimed(path, job) as run:
            return run

    @classmethod
    @contextmanager
    def claimed(cls, path: Path, job: Job) -> Iterator["RunFolder"]:
        """As `create`, with the run's lock held in the `with` block: of those who start at once, one gets it."""
        run = cls(path)
        try:
            run._claim(job)
            yield run
        finally:
            run.lock.release()

    @classmethod
    def open(cls, path: Path) -> "RunFolder":
        """An existing run. Raises FinetunerError when the folder holds none."""
        run = cls(path)
        if not run.job_file.is_file():
            raise FinetunerError(f"{path} is not a run: it holds no job.toml.", "`finetuner runs` lists the runs.")
        run._refuse_odd_parts()
        return run

    def discard(self) -> None:
        """Remove a run that came to nothing, where its lock is ours; harmless where something is in the way."""
        if self.lock.mine:
            _empty(self.path, but="lock")
            self.lock.remove()  # at last: until then nobody else begins here
            with suppress(OSError):
                self.path.rmdir()

    @property
    def started(self) -> bool:
        """Whether it was ever set up and began to train."""
        return any(isinstance(entry.event, RunStarted) for entry in self.events.entries())

    @property
    def job(self) -> Job:
        """The job as it was started. Raises FinetunerError when it is missing or damaged."""
        return Job.load(self.job_file)

    @property
    def classes(self) -> tuple[str, ...]:
        """Class names in index order. Raises FinetunerError when they are missing or damaged."""
        try:
            text = read_document(self.classes_file).decode("utf-8", "surrogateescape")
        except (OSError, ValueError) as error:
            raise FinetunerError(f"The class names {self.classes_file} cannot be read.", "Start a new run.") from error
        names = class_names.parse(text)
        if names is None:
            raise FinetunerError(f"The class names {self.classes_file} are damaged.", "Start a new run.")
        return names

    def pin_split(self, classes: tuple[str, ...], images: Iterable[ScannedImage | PinnedImage]) -> None:
        """Write down which file went where, with its content hash."""
        rows = [image.model_dump(include={"path", "label", "split", "content"}) for image in images]
        write_text(self.classes_file, class_names.lines(classes))
        write_text(self.split_file, json.dumps({"classes": list(classes), "images": rows}))

    def pinned_images(self) -> list[PinnedImage]:
        """All images, in the pinned order. Raises FinetunerError when the list is damaged."""
        try:
            rows, known = read_json(self.split_file, LARGEST_SPLIT)["images"], dict.fromkeys(self.classes)
            return [_pinned(row, known) for row in rows]
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise FinetunerError(f"The list of images {self.split_file} cannot be read.", "Start a new run.") from error

    def pinned(self, split: str) -> list[tuple[Path, str]]:
        """Path and label of each image of a split, in the pinned order. Raises FinetunerError when it is damaged."""
        return [(Path(image.path), image.label) for image in self.pinned_images() if image.split == split]

    def _refuse_odd_parts(self) -> None:
        """A folder that was handed over may hold links, through which a run would write elsewhere, or pipes."""
        with os.scandir(self.path) as entries:
            odd = next((entry for entry in entries if not _is_plain(entry)), None)
        if odd:
            raise FinetunerError(
                f"{self.path} is no plain run folder: {odd.name!r} is a link, a pipe, or of the wrong kind.",
                "Get the run again, with the files themselves.",
            )

    def _claim(self, job: Job) -> None:
        """Looked at before the lock, which would be one file more in a stranger's folder, and again once it is ours."""
        try:
            self._refuse_unless_vacant()
            self.path.mkdir(parents=True, exist_ok=True)
            if not self.lock.take():
                raise FinetunerError(f"Another training begins in {self.path}.", "Choose another --out folder.")
            self._refuse_unless_vacant()
            job.save(self.job_file)
        except OSError as error:
            raise FinetunerError(f"The run folder {self.path} cannot be written: {error.strerror}.") from error

    def _refuse_unless_vacant(self) -> None:
        if self.path.exists() and not self._is_vacant():
            raise FinetunerError(f"The folder {self.path} is not empty.", "Choose another --out folder.")

    def _is_vacant(self) -> bool:
        """Whether nothing is here but perhaps a lock, half a job, or a wish uttered before the trainer was awake."""
        return self.path.is_dir() and all(_IGNORED.fullmatch(entry.name) for entry in self.path.iterdir())


def _empty(folder: Path, but: str) -> None:
    with suppress(OSError):
        for part in folder.iterdir():
            if part.is_dir() and not part.is_symlink():
                shutil.rmtree(part, ignore_errors=True)
            elif part.name != but:
                part.unlink(missing_ok=True)


def _is_plain(entry: "os.DirEntry[str]") -> bool:
    if entry.is_symlink() or (_FILES.fullmatch(entry.name) and not entry.is_file()):
        return False
    return entry.is_dir() or (entry.is_file() and entry.name not in _FOLDERS)


def _pinned(row: object, known: dict[str, None]) -> PinnedImage:
    image = PinnedImage.model_validate(row)
    if image.label not in known or "\0" in image.path:
        raise ValueError(f"an image of {image.label!r}")
    return image
