"""What the model says of images: `python predict.py PHOTO [PHOTO ...]`. Needs onnxruntime, numpy and Pillow."""

import json
import os
import sys
from pathlib import Path
from typing import IO, Any

os.environ["ORT_DISABLE_TELEMETRY"] = "1"  # before the import: it would keep events in the home, to be sent

import numpy as np
import onnxruntime
from PIL import Image, ImageOps

MODEL = Path(__file__).resolve().parents[1] / "model.onnx"
MAX_PIXELS = 50_000_000
TRANSPARENT = ("RGBA", "LA", "PA", "La", "RGBa")


class Model:
    """The exported file. Resizing, normalisation and softmax are inside: it takes the pixels of a photo as they are."""

    def __init__(self, path: Path = MODEL) -> None:
        self.session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
        told = self.session.get_modelmeta().custom_metadata_map
        self.names = json.loads(told["names"])
        self.thresholds = json.loads(told.get("thresholds", "{}"))
        self.strangest = float(told["unknown_threshold"]) if "unknown_threshold" in told else None
        self.outputs = ["probabilities"] if self.strangest is None else ["probabilities", "unknown"]

    def run(self, pixels: np.ndarray) -> list[np.ndarray]:
        """What each of `outputs` says of uint8 H x W x 3 (RGB)."""
        return [output[0] for output in self.session.run(self.outputs, {"image": pixels[None]})]

    def probabilities(self, pixels: np.ndarray) -> np.ndarray:
        """One probability a class, in the order of `names`."""
        return self.run(pixels)[0]

    def answer(self, pixels: np.ndarray, top: int = 5) -> dict[str, Any]:
        """The likeliest classes. `unsure`: the first is below its threshold; `unknown`: unlike all that was learned.

        Each of the two is told only by a model that can say it.
        """
        shares, *strangeness = self.run(pixels)
        best = [(self.names[i], float(shares[i])) for i in shares.argsort()[::-1][:top]]
        label, probability = best[0]
        told = {"label": label, "probability": probability, "top": best}
        if self.thresholds:
            told["unsure"] = probability < self.thresholds.get(label, 0.0)
        if self.strangest is not None:
            told["unknown"] = not float(strangeness[0]) <= self.strangest
        return told


def pixels_of(file: str | Path | IO[bytes]) -> np.ndarray:
    """uint8 H x W x 3, upright, transparency over white. Raises OSError or ValueError for what is no usable image."""
    with Image.open(file) as image:
        if image.width * image.height > MAX_PIXELS:
            raise ValueError("the image has more than 50 megapixels")
        return np.asarray(opaque(ImageOps.exif_transpose(image)))


def opaque(image: Image.Image) -> Image.Image:
    """RGB, transparent pixels over white."""
    if image.mode not in TRANSPARENT and "transparency" not in image.info:
        return image.convert("RGB")
    image = image.convert("RGBA")
    return Image.alpha_composite(Image.new("RGBA", image.size, "white"), image).convert("RGB")


def line(answer: dict[str, Any]) -> str:
    """An answer in words; what a terminal would obey or cannot show in a class's name is escaped."""
    best = ", ".join(f"{printable(name)} {share:.1%}" for name, share in answer["top"])
    doubt = next((word for word in ("unknown", "unsure") if answer.get(word)), "")
    return f"{doubt} ({best})" if doubt else best


def printable(name: str) -> str:
    """The name on one line."""
    return "".join(sign if sign.isprintable() else sign.encode("unicode_escape").decode("ascii") for sign in name)


def main(photos: list[str]) -> int:
    """One line a photo; 1 if one of them could not be read."""
    if not photos:
        print(__doc__, file=sys.stderr)
        return 2
    model, refused = Model(), 0
    for photo in photos:
        try:
            pixels = pixels_of(photo)
        except Exception as error:  # noqa: BLE001 - decoders raise what they like over a damaged file
            print(printable(f"{photo}: no image that can be read: {error}"), file=sys.stderr)
            refused = 1
            continue
        print(f"{printable(photo)}: {line(model.answer(pixels))}")
    return refused


if __name__ == "__main__":
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(encoding="utf-8", errors="backslashreplace")  # type: ignore[union-attr]
    sys.exit(main(sys.argv[1:]))
