"""Keeps a run safe on disk: its log, its checkpoints, its best model; and takes it up again."""

import platform
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path

import torch
from safetensors import SafetensorError

from finetuner import __version__
from finetuner.engine.backbones.deployed import save_best
from finetuner.engine.errors import FinetunerError
from finetuner.engine.events import CheckpointSaved, Event
from finetuner.engine.run_store.checkpoints import read_folder
from finetuner.engine.run_store.run_folder import RunFolder
from finetuner.engine.run_store.unknown import forget
from finetuner.engine.training.halving import ran_out
from finetuner.engine.training.learner import Learner
from finetuner.engine.training.position import Position

POSITION = "state.json"
_SECONDS_AT_RISK = 60.0


class Keeper:
    """One run's memory. `position` is where the run stands, `stood` its seconds when it was taken up."""

    def __init__(self, run: RunFolder) -> None:
        self.run = run
        self.position = Position()
        self.stood = 0.0
        self._files: dict[str, bytes] = {}
        self._saved_step = -1
        self._saved_at = time.monotonic()

    def rewind(self) -> None:
        """Go back to the newest whole checkpoint; forget what the log tells beyond it."""
        self.run.checkpoints.tidy()
        newest = self.run.checkpoints.newest()
        if newest is not None:
            with _told_as_damaged(newest):
                self._files = read_folder(newest)
                self.position = Position.model_validate_json(self._files[POSITION])
            self._saved_step, self.stood = self.position.step, self.position.seconds
        self.run.checkpoints.set_aside_beyond(newest)
        self.run.events.cut(self._saved_step, self.position.epoch)

    def restore(self, learner: Learner) -> bool:
        """Give the learner its state back; False when the run begins."""
        if self._files:
            with _told_as_damaged(self.run.checkpoints.folder):
                learner.restore(self._files)
            self._files = {}
        return self._saved_step >= 0

    def log(self, event: Event) -> None:
        """Append to the run's event log."""
        self.position.look_at_clock()
        self.run.events.append(event, self.position.step, self.position.seconds)

    def save(self, learner: Learner) -> CheckpointSaved:
        """Write a checkpoint. Raises FinetunerError when the disk refuses; the previous one stays."""
        self.position.look_at_clock()
        self.position.compiled = learner.compiled
        files = {**learner.state(), POSITION: self.position.model_dump_json(indent=1).encode()}
        path = self.run.checkpoints.save(self.position.step, files, _versions())
        self._saved_step, self._saved_at = self.position.step, time.monotonic()
        return CheckpointSaved(epoch=self.position.epoch, path=str(path))

    def save_best(self, learner: Learner, classes: tuple[str, ...]) -> None:
        """Keep the network as it is now as the best one; what was unknown to the one before says nothing of it."""
        forget(self.run.path)
        save_best(self.run.best, learner.deployed, classes, temperature=1.0)

    @property
    def behind(self) -> bool:
        """Whether there are steps that no checkpoint holds."""
        return self.position.step > max(self._saved_step, 0)

    @property
    def overdue(self) -> bool:
        """Whether a crash now would cost more than a minute."""
        return self.behind and time.monotonic() - self._saved_at > _SECONDS_AT_RISK


@contextmanager
def _told_as_damaged(checkpoint: Path) -> Iterator[None]:
    """A checkpoint that is whole can still be another run's, or made up."""
    try:
        yield
    except (RuntimeError, ValueError, LookupError, TypeError, AttributeError, SafetensorError) as error:
        if isinstance(error, RuntimeError) and ran_out(error):
            raise
        raise FinetunerError(
            f"The checkpoint in {checkpoint} does not belong to this run's network: {type(error).__name__}.",
            "Delete its folder, and the run goes on from the one before; or train anew.",
        ) from error


def _versions() -> dict[str, str]:
    return {
        "finetuner": __version__,
        "python": platform.python_version(),
        "torch": torch.__version__,
        "timm": version("timm"),
    }
