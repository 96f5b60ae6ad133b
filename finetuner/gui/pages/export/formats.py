"""How a format is called, what it is good for, where its file would go.

A format of EXPORTERS without an entry here goes by its own name, into a folder, without a program.
"""

import json
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from finetuner.gui.pages.export import programs


@dataclass(frozen=True)
class Format:
    """`suffix` ends the name of the file; a format without one writes a folder. `program` takes `name`.

    A .mlpackage is a folder, which Macs show as a file. `samples`: it may show a few of the user's images.
    """

    title: str
    sentence: str = ""
    suffix: str = ""
    program: str = ""
    samples: bool = False


FORMATS: dict[str, Format] = {
    "onnx": Format(
        "ONNX",
        "One file. Takes raw pixels of any size and runs wherever onnxruntime does.",
        ".onnx",
        programs.ONNX,
    ),
    "onnx-fp16": Format(
        "ONNX, half precision",
        "Half the size, and the same answers but for rounding. Faster on many GPUs, not on a processor.",
        ".onnx",
        programs.ONNX,
    ),
    "onnx-int8": Format(
        "ONNX, 8 bits",
        "About a quarter of the size, and often faster. What it costs in accuracy is measured and shown.",
        ".onnx",
        programs.ONNX,
    ),
    "folder": Format(
        "Folder that runs anywhere",
        "The ONNX file with programs that need nothing of Finetuner: Python, a web page, a service, Docker, C++.",
        "",
        programs.FOLDER,
        samples=True,
    ),
    "safetensors": Format(
        "safetensors",
        "A folder with weights and config.json, which timm opens to go on from here.",
        "",
        programs.TIMM,
    ),
    "pt2": Format(
        "PyTorch program",
        "One .pt2 file. Takes raw pixels of any size and needs torch alone, neither timm nor this app.",
        ".pt2",
        programs.PT2,
    ),
    "openvino": Format(
        "OpenVINO",
        "A folder with model.xml and model.bin, for Intel's processors and graphics.",
        "",
        programs.OPENVINO,
    ),
    "litert": Format(
        "LiteRT",
        "One .tflite file, for phones and small devices. Images must be cut and resized before: it says how.",
        ".tflite",
        programs.LITERT,
    ),
    "coreml": Format(
        "Core ML",
        "A .mlpackage for Macs, iPhones and iPads, which takes an image of any size. Written on a Mac.",
        ".mlpackage",
        programs.COREML,
    ),
    "tensorrt": Format(
        "TensorRT",
        "A folder with an engine that runs on this kind of NVIDIA GPU and this version of TensorRT alone.",
        "",
        programs.TENSORRT,
    ),
}


def about(name: str) -> Format:
    """What is known about a format."""
    return FORMATS.get(name, Format(name))


def suggested(run: Path, name: str) -> Path:
    """A free place next to the run: `leaves-probe.onnx`, or a folder `leaves-probe-safetensors`."""
    suffix = about(name).suffix
    stem = run.name if suffix else f"{run.name}-{name}"
    names = (f"{stem}{suffix}" if number == 1 else f"{stem}-{number}{suffix}" for number in count(1))
    return next(path for path in (run.parent / name for name in names) if not path.exists())


def program(name: str, path: Path) -> str:
    """A Python program that answers an image with the exported file beside it; empty where there is none."""
    return about(name).program.format(name=json.dumps(path.name))
