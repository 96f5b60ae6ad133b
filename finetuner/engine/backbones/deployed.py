"""The deployed model: uint8 image in, calibrated probabilities out; and how it is kept in a run's `best` folder.

`best` is written in timm's own format, so that `timm.create_model('local-dir:RUN/best', pretrained=True)` opens it.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import safetensors.torch
import torch
from pydantic import BaseModel, Field, ValidationError
from torch import Tensor, nn

from finetuner.engine.backbones import safetensors_file
from finetuner.engine.backbones.architecture import Options
from finetuner.engine.backbones.choice import Choice
from finetuner.engine.backbones.heads import Head
from finetuner.engine.backbones.names import find
from finetuner.engine.backbones.network import Network, assemble, joined
from finetuner.engine.backbones.sources import make
from finetuner.engine.dataset.deploy import Preprocess
from finetuner.engine.dataset.preprocessing import Preprocessing
from finetuner.engine.documents import read_json
from finetuner.engine.errors import FinetunerError
from finetuner.engine.files import write_bytes, write_text
from finetuner.engine.job import explain
from finetuner.engine.run_store import class_names
from finetuner.engine.run_store.thresholds import Thresholds
from finetuner.engine.run_store.unknown import Cut, Unknown

WEIGHTS = "model.safetensors"
CONFIG = "config.json"


class Own(BaseModel):
    """What `config.json` says for this program alone. The folder may come from anywhere."""

    architecture: str
    backbone: str
    source: str
    loaded: str
    temperature: float = Field(gt=0, allow_inf_nan=False)
    preprocessing: Preprocessing


class Config(BaseModel):
    """What is read of `config.json`."""

    label_names: tuple[str, ...] = Field(min_length=1, max_length=class_names.MOST)
    finetuner: Own


class Deployed(nn.Module):
    """Preprocessing, network, temperature and softmax as one module; what the exported graph contains.

    `unknown`: from features N,F and logits to how strange each image is, N; the features are the inputs of `head`.
    """

    def __init__(
        self,
        model: nn.Module,
        preprocessing: Preprocessing,
        temperature: float = 1.0,
        head: Head | None = None,
        unknown: nn.Module | None = None,
    ) -> None:
        super().__init__()
        self.preprocess = Preprocess(preprocessing)
        self.model = model
        self.temperature = temperature
        self.head, self.unknown = head, unknown

    def forward(self, image: Tensor) -> tuple[Tensor, ...]:
        """uint8 N,H,W,3 (RGB) -> what `answer` gives."""
        return self.answer(self.preprocess(image))

    def answer(self, prepared: Tensor) -> tuple[Tensor, ...]:
        """Normalised N,3,S,S -> probabilities N,C (after temperature), logits N,C (before), and the score N if any."""
        if self.unknown is None or self.head is None:
            return self._shares(logits := self.model(prepared)), logits
        with self.head.watched() as seen:
            logits = self.model(prepared)
        return self._shares(logits), logits, self.unknown(joined(seen), logits)

    def _shares(self, logits: Tensor) -> Tensor:
        return torch.softmax(logits / self.temperature, dim=1)


@dataclass
class Trained:
    """A model that was kept: its network, the names of its classes in index order, and it deployed.

    `thresholds` are the user's, who may set them at any time: whoever publishes the model reads them of its run.
    So it is with `unknown`, from which score on an image is unknown; where it is there, `deployed` gives the score.
    """

    network: Network
    classes: tuple[str, ...]
    temperature: float
    deployed: Deployed
    thresholds: Thresholds = field(default_factory=Thresholds)
    unknown: Unknown | None = None

    @property
    def cut(self) -> Cut | None:
        """Above which score an image is unknown."""
        return self.unknown.cut if self.unknown else None


def save_best(folder: Path, network: Network, classes: Sequence[str], temperature: float) -> None:
    """Write `model.safetensors` and `config.json` into `folder`, each atomically. Raises OSError."""
    write_bytes(folder / WEIGHTS, safetensors.torch.save(_plain(network.model.state_dict()), {"format": "pt"}))
    save_config(folder, network, classes, temperature)


def save_config(folder: Path, network: Network, classes: Sequence[str], temperature: float) -> None:
    """Write `config.json` alone: the weights in `folder` are this network's already. Raises OSError."""
    write_text(folder / CONFIG, json.dumps(_config(network, classes, temperature), indent=2))


def load_best(run: Path) -> Trained:
    """The best model of a run, in eval mode on the CPU. Raises FinetunerError when it is missing or damaged."""
    return load_folder(run / "best")


def load_folder(folder: Path) -> Trained:
    """The model that `save_best` wrote into `folder`. Raises FinetunerError when it is missing or damaged."""
    config = _read_config(folder / CONFIG)
    path = folder / WEIGHTS
    network = _network(config.finetuner, len(config.label_names), path)
    _load_all(network.model, path)
    network.model.eval()
    temperature = config.finetuner.temperature
    deployed = Deployed(network.model, network.preprocessing, temperature).eval()
    return Trained(network, config.label_names, temperature, deployed)


def _network(own: Own, classes: int, path: Path) -> Network:
    entry = find(own.architecture)
    _refuse_too_small(path, entry.parameters)
    architecture = make("local", own.architecture, Options(classes, own.preprocessing.input_size))
    network = assemble(architecture, Choice(entry, None), own.loaded)
    network.name, network.source, network.preprocessing = own.backbone, own.source, own.preprocessing
    return network


def _refuse_too_small(path: Path, parameters: int) -> None:
    """Before a network is built: a file that cannot hold its parameters would have it built for nothing."""
    if not path.is_file():
        raise FinetunerError(f"The weights {path} are missing.", "Train the model again.")
    if path.stat().st_size < parameters:
        raise _not_its_weights(path)


def _load_all(model: nn.Module, path: Path) -> None:
    try:
        model.load_state_dict(safetensors_file.read(path), strict=True)
    except RuntimeError as error:
        raise _not_its_weights(path) from error


def _not_its_weights(path: Path) -> FinetunerError:
    return FinetunerError(f"The weights {path} are not those of this model.", "Train the model again.")


def _read_config(path: Path) -> Config:
    try:
        return Config.model_validate(read_json(path))
    except ValidationError as error:
        raise FinetunerError(f"The model in {path.parent} is damaged: {explain(error)}", "Train it again.") from error
    except (OSError, ValueError) as error:
        raise FinetunerError(f"There is no trained model here: {path} cannot be read.", "Train one first.") from error


def _config(network: Network, classes: Sequence[str], temperature: float) -> dict[str, Any]:
    return {
        **network.architecture_config,
        "pretrained_cfg": {**network.architecture_config["pretrained_cfg"], **_seen(network.preprocessing)},
        "num_classes": len(classes),
        "label_names": list(classes),
        "finetuner": {
            "architecture": network.architecture_config["architecture"],
            "backbone": network.name,
            "source": network.source,
            "loaded": network.loaded,
            "temperature": temperature,
            "preprocessing": network.preprocessing.model_dump(mode="json"),
        },
    }


def _seen(preprocessing: Preprocessing) -> dict[str, Any]:
    """How the network sees an image, in timm's words."""
    size = preprocessing.input_size
    return {**preprocessing.model_dump(mode="json"), "input_size": (3, size, size)}


def _plain(state: dict[str, Tensor]) -> dict[str, Tensor]:
    """Every tensor in memory of its own, as safetensors wants it."""
    return {name: tensor.detach().cpu().contiguous().clone() for name, tensor in state.items()}
