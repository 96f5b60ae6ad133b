"""Chooses and runs a benchmark."""

import argparse
import os
import tempfile
from importlib import import_module
from pathlib import Path

os.environ.setdefault("TORCH_FORCE_WEIGHTS_ONLY_LOAD", "1")
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

BENCHMARKS = {
    "advice": "benchmarks.advice:measure",
    "downloads": "benchmarks.downloads:measure",
    "families": "benchmarks.families:measure",
    "finetune": "benchmarks.race:finetune",
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
    "transfer": "benchmarks.transfer:measure",
    "window": "benchmarks.window:measure",
}


def main() -> None:
    arguments = read_arguments()
    module, _, function = BENCHMARKS[arguments.name].partition(":")
    with tempfile.TemporaryDirectory(prefix="finetuner-benchmark-") as home:
        os.environ["FINETUNER_HOME"] = home
        getattr(import_module(module), function)(arguments)


def read_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("name", choices=BENCHMARKS)
    parser.add_argument("--data", type=Path, help="labelled folder; default: a few drawn pictures (kills only)")
    parser.add_argument(
        "--sets",
        type=Path,
        help="a folder of labelled folders; strategies: in the place of --data; advice, transfer: beside it",
    )
    parser.add_argument("--out", type=Path, help="subsets: where the sets go; families: the page to write")
    parser.add_argument(
        "--weights", type=Path, help="weight file; its name's first part is the architecture; advice: a folder of them"
    )
    parser.add_argument("--count", type=int, default=100, help="kills, subsets, downloads, scan: how many")
    parser.add_argument("--seeds", type=int, default=3, help="strategies: how many")
    parser.add_argument("--epochs", type=int, help="default: the strategy's own")
    parser.add_argument("--image-size", type=int, help="default: the backbone's own")
    parser.add_argument("--batch", type=int, default=32, help="probe, finetune, step: images in a batch")
    parser.add_argument("--rounds", type=int, default=1, help="probe, finetune, scan: how often everybody has a turn")
    parser.add_argument("--peers", type=Path, help="probe, finetune: the peers' environment; default: one is made")
    return parser.parse_args()


if __name__ == "__main__":
    main()
