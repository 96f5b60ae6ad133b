"""Does the model answer here as it did where it was made? `python verify.py`; exits with 1 when it does not."""

import json
import sys
from pathlib import Path

import numpy as np

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE / "python"))

from predict import Model, pixels_of, printable  # noqa: E402 - it lies beside, in its own folder


def main() -> int:
    """Compare each sample with what `expected.json` says of it."""
    told = json.loads((HERE / "expected.json").read_text("utf-8"))
    model, wrong = Model(), 0
    if model.names != told["names"]:
        print("The model's classes are not those of expected.json.")
        return 1
    for sample in told["samples"]:
        found = model.probabilities(pixels_of(HERE / sample["file"]))
        difference = np.abs(found - np.array(sample["probabilities"])).max()
        good = difference <= told["tolerance"]
        wrong += not good
        print(
            f"{sample['file']}: {'as expected' if good else 'DIFFERS'}, {printable(sample['label'])}, {difference:.1e}"
        )
    print(f"{len(told['samples']) - wrong} of {len(told['samples'])} samples are answered as expected.")
    return int(wrong > 0 or not told["samples"])


if __name__ == "__main__":
    sys.stdout.reconfigure(encoding="utf-8", errors="backslashreplace")  # type: ignore[union-attr]
    sys.exit(main())
