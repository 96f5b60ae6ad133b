"""What a finished model answers, asked exactly as it will be once it is deployed."""

from collections.abc import Generator
from contextlib import closing
from dataclasses import dataclass
from functools import partial

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from finetuner.engine.backbones.deployed import Trained
from finetuner.engine.backbones.network import Network, joined
from finetuner.engine.dataset.decode import open_rgb
from finetuner.engine.dataset.pool import in_order
from finetuner.engine.errors import FinetunerError
from finetuner.engine.events import Event, Notice, Progress
from finetuner.engine.training.halving import in_pieces
from finetuner.engine.training.memory_format import channels_last
from finetuner.engine.training.passes import Passes
from finetuner.engine.training.setting import Setting, none_left

_BATCH = 16
"""Images that go through in one piece. For 8, Python's calls are a seventh of a MobileNet's pass; 32 gain little."""


@dataclass(frozen=True)
class Measurement:
    """n,C logits, the n validation images that they belong to, and n,F features: what went into the head."""

    logits: NDArray[np.float32]
    images: list[int]
    features: Tensor


def measure(trained: Trained, setting: Setting) -> Generator[Event, None, Measurement]:
    """Ask a model about the validation files, through the deployed path. One that has vanished is left out.

    Threads read ahead while the network runs. Raises FinetunerError when none of the files can be read any more.
    """
    trained.deployed.to(setting.device).eval()
    channels_last(trained.network.model)
    parts, features, measured, waiting = list[Tensor](), list[Tensor](), list[int](), list[Tensor]()
    passes = Passes(trained.network, setting.device, "fp32")
    with closing(in_order(partial(_input, trained, setting), setting.val)) as inputs:
        for index, given in zip(setting.val, inputs, strict=True):
            if isinstance(given, FinetunerError):
                yield Notice(sentence=f"Left out: {given.sentence}", level="warning")
            else:
                measured.append(index)
                waiting.append(given)
            if waiting and (len(waiting) == _BATCH or index == setting.val[-1]):
                with passes.looking():
                    answers = in_pieces(partial(_asked, trained.network), torch.cat(waiting))
                parts += [logits for logits, _ in answers]
                features += [inputs for _, inputs in answers]
                waiting.clear()
                yield Progress(activity="Measuring the best model", done=len(measured), total=len(setting.val))
    if not measured:
        raise none_left("validation")
    return Measurement(torch.cat(parts).numpy(), measured, torch.cat(features))


def _asked(network: Network, batch: Tensor) -> tuple[Tensor, Tensor]:
    """Logits, and what went into the head."""
    with network.head.watched() as seen:
        logits = network.model(batch.contiguous(memory_format=torch.channels_last))
    return logits.float().cpu(), joined(seen).float().cpu()


def _input(trained: Trained, setting: Setting, index: int) -> Tensor | FinetunerError:
    """The network's input for an image, 1,3,S,S, or what is wrong with its file."""
    try:
        image = torch.from_numpy(np.array(open_rgb(setting.cache.files[index])))[None]
    except FinetunerError as error:
        return error
    with torch.no_grad():
        return trained.deployed.preprocess(image.to(setting.device))
