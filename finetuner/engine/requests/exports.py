"""A model as a file."""

from pathlib import Path
from typing import Literal

from finetuner.engine.requests.request import Request


class ExportRequest(Request):
    """Write a verified model file. Yields Progress..., Exported. `samples`: a folder of examples shows own images."""

    task: Literal["export"] = "export"
    run: Path
    format: str = "onnx"
    out: Path
    author: str = ""
    samples: bool = True
