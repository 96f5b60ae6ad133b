"""The command line that every peer understands, and the one document that it prints."""

import argparse
import json
from collections.abc import Sequence
from pathlib import Path


def read_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    for name in ("data", "weights"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    parser.add_argument("--backbone", required=True)
    for name, default in (("size", 224), ("batch", 32), ("epochs", 5), ("seed", 0), ("classes", 2)):
        parser.add_argument(f"--{name}", type=int, default=default)
    parser.add_argument("--lr", type=float, default=2e-3)
    parser.add_argument("--frozen", action="store_true", help="only the head learns")
    return parser.parse_args()


def report(seconds: float, images: int, epoch_seconds: Sequence[float], accuracy: float) -> None:
    """`seconds`: from the first file read to the last number; `images`: those that an epoch learns from."""
    rates = [images / each for each in epoch_seconds]
    print(json.dumps({"seconds": seconds, "images_per_second": rates, "val_accuracy": accuracy}))
