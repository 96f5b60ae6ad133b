"""What a finished model answers, asked exactly as it will be once it is deployed."""

from collections.abc import Generator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from finetuner.engine.backbones.deployed import Trained
from finetuner.engine.dataset.decode import open_rgb
from finetuner.engine.dataset.pool import in_order
from finetuner.engine.errors import FinetunerError
from finetuner.engine.events import Event, Notice, Progress
from finetuner.engine.training.passes import Passes
from finetuner.engine.training.setting import Setting

_BATCH = 32
_CONNECTED = "Is the disk with the images still connected? Then resume the run."


@dataclass(frozen=True)
class Measurement:
    """n,C logits, and the n validation images that they belong to."""

    logits: NDArray[np.float32]
    images: list[int]


def measure(trained: Trained, setting: Setting) -> Generator[Event, None, Measurement]:
    """Ask a model about the validation files, through the deployed path. One that has vanished is left out.

    Raises FinetunerError when none of them can be read any more.
    """
    trained.deployed.to(setting.device).eval()
    parts, measured = list[Tensor](), list[int]()
    passes = Passes(trained.network, setting.device, "fp32")
    for start in range(0, len(setting.val), _BATCH):
        inputs = yield from _inputs(trained, setting, setting.val[start : start + _BATCH])
        with passes.looking():
            parts.extend([trained.network.model(torch.cat([*inputs.values()])).float().cpu()] if inputs else [])
        measured.extend(inputs)
        yield Progress(activity="Measuring the best model", done=len(measured), total=len(setting.val))
    if not measured:
        raise FinetunerError("None of the validation images can be read any more.", _CONNECTED)
    return Measurement(torch.cat(parts).numpy(), measured)


def _inputs(trained: Trained, setting: Setting, chosen: list[int]) -> Generator[Event, None, dict[int, Tensor]]:
    """The network's input, 1,3,S,S, for each of these images that can be read."""
    inputs = {}
    files = [setting.cache.files[index] for index in chosen]
    for index, image in zip(chosen, in_order(_opened, files), strict=True):
        if isinstance(image, FinetunerError):
            yield Notice(sentence=f"Left out: {image.sentence}", level="warning")
        else:
            inputs[index] = trained.deployed.preprocess(image.to(setting.device))
    return inputs


def _opened(file: Path) -> Tensor | FinetunerError:
    """1,H,W,3 uint8, or what is wrong with it."""
    try:
        return torch.from_numpy(np.array(open_rgb(file)))[None]
    except FinetunerError as error:
        return error
