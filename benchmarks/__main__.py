"""Chooses and runs a benchmark."""

import argparse
import os
from pathlib import Path

from benchmarks.suite import run, run_all

os.environ.setdefault("TORCH_FORCE_WEIGHTS_ONLY_LOAD", "1")
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

BENCHMARKS = {
    "advice": "benchmarks.advice:measure",
    "calibration": "benchmarks.calibration:measure",
    "compiling": "benchmarks.compiling:measure",
    "downloads": "benchmarks.downloads:measure",
    "endurance": "benchmarks.endurance:measure",
    "exports": "benchmarks.exports:measure",
    "families": "benchmarks.families:measure",
    "finetune": "benchmarks.race:finetune",
    "flatness": "benchmarks.flatness:measure",
    "growth": "benchmarks.growth:measure",
    "hostile": "benchmarks.hostile:measure",
    "kills": "benchmarks.kills:measure",
    "lateness": "benchmarks.lateness:measure",
    "live": "benchmarks.live:measure",
    "memory": "benchmarks.memory:measure",
    "probe": "benchmarks.race:probe",
    "scan": "benchmarks.scan:measure",
    "step": "benchmarks.step:measure",
    "strategies": "benchmarks.strategies:measure",
    "subsets": "benchmarks.subsets:measure",
    "teaching": "benchmarks.teaching:measure",
    "transfer": "benchmarks.transfer:measure",
    "unknown": "benchmarks.unknown:measure",
    "window": "benchmarks.window:measure",
}
ALL = ("probe", "finetune", "step", "scan", "window", "live", "lateness", "memory", "growth")
"""What `all` runs: whatever takes only --data and --weights and is done within minutes."""

COUNTS = {"all": 2_000, "growth": 8_000, "unknown": 1_000, "flatness": 20_000, "scan": 60_000, "teaching": 500}
"""How many, where --count is not given."""
_COUNT = 100


def main() -> None:
    arguments = read_arguments()
    if arguments.name == "all":
        run_all(arguments, {name: BENCHMARKS[name] for name in ALL})
    else:
        run(arguments.name, BENCHMARKS[arguments.name], arguments)


def read_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("name", choices=("all", *BENCHMARKS))
    parser.add_argument(
        "--data",
        type=Path,
        help="labelled folder; default: a few drawn pictures (kills only); calibration: several, and archives",
    )
    parser.add_argument(
        "--sets",
        type=Path,
        help="a folder of labelled folders; strategies: in the place of --data; advice, transfer, unknown: beside it",
    )
    parser.add_argument(
        "--out",
        type=Path,
        help="subsets: where the sets go; families: the page to write; all (default: build/benchmarks), probe,"
        " finetune, step, growth, flatness: the folder for results.json, results.md and plots",
    )
    parser.add_argument(
        "--weights", type=Path, help="weight file; its name's first part is the architecture; advice: a folder of them"
    )
    parser.add_argument(
        "--count",
        type=int,
        help="kills, subsets, downloads, scan, exports, teaching: how many; all, growth, flatness: images at most",
    )
    parser.add_argument("--minutes", type=float, default=10, help="endurance: how long")
    parser.add_argument("--seeds", type=int, default=3, help="strategies: how many")
    parser.add_argument("--epochs", type=int, help="default: the strategy's own")
    parser.add_argument("--image-size", type=int, help="default: the backbone's own")
    parser.add_argument("--batch", type=int, default=32, help="probe, finetune, step, compiling: images in a batch")
    parser.add_argument("--rounds", type=int, default=2, help="probe, finetune, scan: how often everybody has a turn")
    parser.add_argument(
        "--peers",
        type=Path,
        help="probe, finetune: the peers' environment; default: build/peers, made if missing;"
        " exports: one with OpenVINO and OpenCV",
    )
    parser.add_argument("--others", type=Path, help="unknown: a folder, or an archive, of images of other kinds")
    arguments = parser.parse_args()
    arguments.count = arguments.count or COUNTS.get(arguments.name, _COUNT)
    return arguments


if __name__ == "__main__":
    main()
