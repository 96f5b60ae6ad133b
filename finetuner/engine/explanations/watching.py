"""Training with an eye on one image: its likeliest classes and Grad-CAM after each epoch.

Training itself knows no explanations, which stand above it: it lets an observer look.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from torch import Tensor

from finetuner.engine.backbones.network import Network
from finetuner.engine.dataset.decode import open_rgb
from finetuner.engine.dataset.deploy import Preprocess
from finetuner.engine.errors import FinetunerError
from finetuner.engine.evaluation.tables import ranked
from finetuner.engine.events import Event, Notice, Watched
from finetuner.engine.explanations.attribution.grad_cam import GradCam
from finetuner.engine.explanations.keep import save
from finetuner.engine.explanations.render import normalised, overlay
from finetuner.engine.explanations.target import target_layer
from finetuner.engine.job import NOT_WATCHED
from finetuner.engine.requests import ResumeRequest, TrainRequest
from finetuner.engine.training import loop
from finetuner.engine.training.halving import ran_out
from finetuner.engine.training.setting import Setting

SIDE = 256
"""Pixels of a kept picture."""


def train(request: TrainRequest) -> Iterator[Event]:
    """Answer a TrainRequest; where the job watches an image, Watched follows each EpochEnded."""
    yield from loop.train(request, Watcher())


def resume(request: ResumeRequest) -> Iterator[Event]:
    """Answer a ResumeRequest, likewise."""
    yield from loop.resume(request, Watcher())


@dataclass
class Watcher:
    """Looks at the image that the job names. `blind`: it could not, has said so, and does not try again."""

    blind: bool = False
    _seen: dict[Path, tuple[Image.Image, Tensor]] = field(default_factory=dict)

    def __call__(self, setting: Setting, network: Network, epoch: int) -> Iterator[Event]:
        """One forward and one backward pass. Trouble with the image is told, and training goes on."""
        if self.blind or setting.job.watching.watch == NOT_WATCHED:
            return
        try:
            yield self._look(setting, network, epoch)
        except (FinetunerError, RuntimeError) as error:
            if isinstance(error, RuntimeError) and not ran_out(error):
                raise
            self.blind = True
            sentence = error.sentence if isinstance(error, FinetunerError) else "The device has no memory left for it."
            yield Notice(sentence=f"The watched image cannot be shown: {sentence}", level="warning")

    def _look(self, setting: Setting, network: Network, epoch: int) -> Watched:
        path, truth = watched(setting)
        photo, pixels = self._opened(path, network)
        images = pixels.to(setting.device)
        with torch.no_grad():
            shares = torch.softmax(network.model(images)[0].float(), dim=0).cpu()
        targets = shares.argmax()[None].to(setting.device)
        layer = target_layer(network.model, images)
        heat = normalised(GradCam().explain(network.model, layer, images, targets)[0].detach().float().cpu().numpy())
        name = f"{epoch:06}.png"
        save(overlay(photo, heat, 1000), setting.run.watch / name, {"epoch": str(epoch), "layer": layer})
        top = ranked(shares.numpy(), setting.classes)
        return Watched(epoch=epoch, image=str(path), truth=truth, top=top, picture=f"{setting.run.watch.name}/{name}")

    def _opened(self, path: Path, network: Network) -> tuple[Image.Image, Tensor]:
        """What the network sees of it, as a photo of SIDE pixels and as its input, 1,3,S,S; read once."""
        if path not in self._seen:
            preprocess = Preprocess(network.preprocessing)
            image = torch.from_numpy(np.array(open_rgb(path)))[None]
            photo = Image.fromarray(preprocess.seen(image)[0].numpy()).resize((SIDE, SIDE), Image.Resampling.BICUBIC)
            self._seen[path] = photo, preprocess(image)
        return self._seen[path]


def watched(setting: Setting) -> tuple[Path, str | None]:
    """The image, and its class where it is one of the run's: the file that is named, or the middle validation image."""
    files = {Path(file): index for index, file in enumerate(setting.cache.files)}
    named = setting.job.watching.image
    assert setting.job.watching.watch != NOT_WATCHED
    path = named or Path(setting.cache.files[setting.val[len(setting.val) // 2]])
    return path, setting.classes[setting.labels[files[path]]] if path in files else None
