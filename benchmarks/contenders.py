"""Who trains the same network on the same images: this program, its peers, and the bare step that none can beat."""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import venv
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

PEERS = Path(__file__).parent / "peers"


@dataclass(frozen=True)
class Figures:
    """One run. `seconds`: from the first file read to the last number; the rates are those of its epochs."""

    seconds: float
    images_per_second: tuple[float, ...]
    val_accuracy: float

    @property
    def later_rate(self) -> float:
        """Images a second from the second epoch on."""
        later = self.images_per_second[1:] or self.images_per_second
        return len(later) / sum(1 / rate for rate in later)


@dataclass(frozen=True)
class Work:
    """What everybody is asked to do."""

    data: Path
    weights: Path
    size: int
    batch: int
    epochs: int
    frozen: bool

    @property
    def backbone(self) -> str:
        return self.weights.name.split(".")[0]


Contender = Callable[[Work], Figures]


def ours(strategy: str, *flags: str) -> Contender:
    """`finetuner train` with a home of its own, so that nothing is known from an earlier run."""

    def run(work: Work) -> Figures:
        with tempfile.TemporaryDirectory() as home:
            out = Path(home) / "run"
            command = [sys.executable, "-m", "finetuner", "train", str(work.data), "--weights", str(work.weights)]
            command += ["--backbone", work.backbone, "--image-size", str(work.size), "--strategy", strategy]
            command += ["--batch-size", str(work.batch), "--epochs", str(work.epochs), "--out", str(out), "--json"]
            summary = _document([*command, *flags], {"FINETUNER_HOME": home})
            return Figures(summary["seconds"], _rates(out), summary["val_accuracy"])

    return run


def peer(name: str, environment: Path) -> Contender:
    """A script of `peers`, run by the Python of the environment."""

    def run(work: Work) -> Figures:
        options = {name: str(value) for name, value in vars(work).items() if name != "frozen"}
        options["backbone"] = work.backbone
        command = [str(environment / "bin" / "python"), "-W", "ignore", str(PEERS / f"{name}_peer.py")]
        command += [part for key, value in options.items() for part in (f"--{key}", value)]
        told = _document([*command, *(["--frozen"] if work.frozen else [])], {})
        return Figures(told["seconds"], tuple(told["images_per_second"]), told["val_accuracy"])

    return run


def environment(arguments: argparse.Namespace) -> Path:
    """The peers' environment: made once, from the versions in `peers/requirements.txt`."""
    place = (arguments.peers or Path("build/peers")).absolute()
    if not (place / "bin" / "python").exists():
        venv.create(place, with_pip=True)
        install = [str(place / "bin" / "python"), "-m", "pip", "install", "-q", "-r", str(PEERS / "requirements.txt")]
        subprocess.run(install, check=True)
    return place


def _document(command: list[str], more: dict[str, str]) -> dict:
    """The last JSON document that a command prints."""
    done = subprocess.run(command, env={**os.environ, **more}, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"{' '.join(command)}\n{done.stderr}")
    return json.loads(done.stdout[done.stdout.index("{") :])


def _rates(run: Path) -> tuple[float, ...]:
    told = map(json.loads, (run / "events.jsonl").read_text().splitlines())
    return tuple(event["images_per_second"] for event in told if event["kind"] == "epoch-ended")
