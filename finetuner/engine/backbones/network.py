"""A backbone ready to be trained: weights loaded, a new head, blocks named from stem to head."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from finetuner.engine.backbones import on_disk, weights
from finetuner.engine.backbones.architecture import Architecture, Options
from finetuner.engine.backbones.blocks import Block, cut
from finetuner.engine.backbones.choice import Choice, choose
from finetuner.engine.backbones.heads import Head
from finetuner.engine.backbones.names import find
from finetuner.engine.backbones.sources import make
from finetuner.engine.backbones.trial import refuse_wrong_size
from finetuner.engine.backbones.weights import LoadReport
from finetuner.engine.dataset.preprocessing import Preprocessing
from finetuner.engine.errors import FinetunerError
from finetuner.engine.job import BackbonePart


@dataclass
class Network:
    """`model` maps normalised images N,3,S,S to logits N,C. `loaded` says in a sentence which weights it has.

    `report` counts the tensors that were loaded; None for random weights.
    """

    model: nn.Module
    name: str
    source: str
    blocks: tuple[Block, ...]
    head_name: str
    preprocessing: Preprocessing
    loaded: str
    architecture_config: dict[str, Any]
    pretrained: bool = False
    report: LoadReport | None = None

    @property
    def head(self) -> Head:
        """The linear map from features to logits."""
        return Head(self.model.get_submodule(self.head_name))

    @property
    def block_parameters(self) -> tuple[int, ...]:
        """How many parameters each block holds."""
        sizes = {name: parameter.numel() for name, parameter in self.model.named_parameters()}
        return tuple(sum(sizes[name] for name in block.parameters) for block in self.blocks)

    def features(self, images: Tensor) -> Tensor:
        """The head's input for normalised images N,3,S,S: N,F. Call it in eval mode.

        Where the head is applied twice and averaged (distilled networks), the mean of its inputs, which by
        linearity gives the same logits. Raises FinetunerError when the network gives no single row for each image.
        """
        head = self.head
        with head.watched() as seen:
            self.model(images)
        rows = joined(seen)
        if rows.shape != (len(images), head.in_features):
            raise FinetunerError(
                f"The features of {self.name} are no single row for each image.", "Choose another backbone."
            )
        return rows


def settle(part: BackbonePart) -> BackbonePart:
    """The same with nothing left open: the name, the weight file and the image size that `build` would take.

    A run keeps this, so that it means the same network when other weights have come to this disk.
    Raises FinetunerError as `build` does.
    """
    choice = _settled(part)
    known = {"backbone": choice.entry.name, "image_size": choice.image_size, "weights": choice.weights}
    return part.model_copy(update={**known, "pretrained": choice.weights is not None})


def build(part: BackbonePart, classes: int, *, load: bool = True) -> Network:
    """The network that `part` describes, with a new head for `classes`. Opens no socket.

    `load=False` leaves random weights, for a run that goes on and brings its own, or for a plan; the weight
    file may then be gone. Raises FinetunerError for an unknown name, weights that are not on this disk or do
    not fit, and options that the architecture does not have.
    """
    choice = _settled(part) if load else _unloaded(part)
    options = Options(classes, choice.image_size, part.dropout, part.drop_path)
    architecture = _make(choice, options)
    if choice.image_size is not None:
        refuse_wrong_size(architecture.model, choice.name, choice.image_size)
    report = _load(architecture, choice.weights) if load else None
    return replace(assemble(architecture, choice, _told(choice, report)), report=report)


def assemble(architecture: Architecture, choice: Choice, loaded: str) -> Network:
    """Put a network together from what its source built."""
    return Network(
        model=architecture.model,
        name=choice.name,
        source=choice.entry.source,
        blocks=cut(architecture.model, architecture.groups, architecture.head_name),
        head_name=architecture.head_name,
        preprocessing=architecture.preprocessing,
        loaded=loaded,
        architecture_config=architecture.config,
        pretrained=choice.weights is not None,
    )


def _settled(part: BackbonePart) -> Choice:
    """The choice; a weight file without a name says itself which architecture it fits."""
    if part.backbone != "auto" or part.weights is None:
        return choose(part)
    entry = find(weights.architecture_of(part.weights))
    return Choice(entry, part.weights, part.image_size, f"{entry.architecture} was chosen: the weight file fits it.")


def _unloaded(part: BackbonePart) -> Choice:
    """As `_settled`, but a named network is taken as it is: nobody looks for its weights."""
    if part.backbone == "auto":
        return _settled(part)
    return Choice(find(part.backbone), part.weights, part.image_size)


def _make(choice: Choice, options: Options) -> Architecture:
    entry = choice.entry
    known_as = entry.architecture if entry.source == "local" else entry.name.removeprefix("torchvision/")
    return make(entry.source, known_as, options)


def _load(architecture: Architecture, path: Path | None) -> LoadReport | None:
    """Load the chosen weights, if any."""
    if path is None:
        return None
    state = architecture.adapt(weights.read_state_dict(path))
    try:
        return weights.load_into(architecture.model, state, architecture.head_name)
    except FinetunerError as error:
        raise FinetunerError(f"{path.name} was not loaded. {error.sentence}", error.next_step) from error


def _told(choice: Choice, report: LoadReport | None) -> str:
    """Which weights the network has, and why."""
    if choice.weights is None:
        return choice.because or "Random weights: it learns from scratch."
    if report is None:
        return f"{choice.weights.name}, not loaded."
    nameless = choice.weights.name in on_disk.HUB_FILES
    return f"{choice.because} {choice.entry.name if nameless else choice.weights.name}: {report.sentence}.".lstrip()


def joined(seen: list[list[Tensor]]) -> Tensor:
    """What went into the parts of a head, side by side: N,F; of each part the mean over its calls.

    Of a head that was not called as a whole, or on several rows for each image, F is not the head's own.
    """
    rows = [torch.stack([tensor.flatten(1) for tensor in inputs]).mean(0) for inputs in seen if inputs]
    return torch.cat(rows, dim=1) if rows else torch.empty(0, 0)
