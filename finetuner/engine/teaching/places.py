"""Where captured sets lie: beside the runs, one for each run that was taught, and those that began from nothing."""

from itertools import count
from pathlib import Path
from time import strftime

from finetuner.engine.paths import cache_dir, data_dir
from finetuner.engine.run_store.run_folder import RunFolder

_TAUGHT = "taught-"


def captured_dir() -> Path:
    """The parent of all captured sets."""
    return data_dir() / "captured"


def place_for(run: Path | None) -> Path:
    """Where frames go that are recorded with this run at hand; without one, on with the set that was begun last."""
    if run is not None:
        return captured_set_of(run) or captured_dir() / run.name
    begun = sorted(captured_dir().glob(f"{_TAUGHT}*/.captured.json"))
    return begun[-1].parent if begun else fresh_place()


def fresh_place() -> Path:
    """A folder for a new set, which is not there yet: `taught-20251121-0930`."""
    stem = captured_dir() / f"{_TAUGHT}{strftime('%Y%m%d-%H%M')}"
    candidates = (stem if number == 1 else stem.with_name(f"{stem.name}-{number}") for number in count(1))
    return next(path for path in candidates if not path.exists())


def captured_set_of(run: Path) -> Path | None:
    """The captured set that a run learned from, if it is one: it is gone on with, and nothing is learned twice.

    Raises FinetunerError when the run's job is damaged.
    """
    data = RunFolder(run).job.data.data
    return data if data is not None and data.parent == captured_dir() and data.is_dir() else None


def working_place(captured: Path) -> Path:
    """Where what can be made again is kept while a set grows: features, and the head that was solved last."""
    return cache_dir() / "teaching" / "lessons" / captured.name
