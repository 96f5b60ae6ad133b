"""Write `resources/backbones/catalogue.csv` and `fingerprints.json` from the installed timm and torchvision.

    python packaging/make_catalogue.py

Run it when either library is upgraded. Networks are built on the meta device: no memory, no weights, about
half an hour. The table lets the window list every backbone at once, without importing torch; the fingerprints
say to which architecture a foreign weight file belongs.
"""

import csv
import json
import sys
import warnings
from collections.abc import Iterator
from pathlib import Path

import timm
import torch
from backbone_numbers.columns import (
    CLASSES,
    NUMBERS,
    classic_numbers,
    timm_numbers,
    torchvision_model,
    torchvision_numbers,
)
from timm.models import model_entrypoint
from torch import nn
from torchvision.models import get_model_builder, get_model_weights

from finetuner.engine.backbones.classic import CLASSICS
from finetuner.engine.backbones.fingerprints import fingerprint
from finetuner.engine.backbones.heads import linear_head
from finetuner.engine.backbones.sources.timm_heads import classifier_path
from finetuner.engine.backbones.sources.torchvision_models import names
from finetuner.engine.errors import FinetunerError

FOLDER = Path(__file__).resolve().parents[1] / "resources" / "backbones"
COLUMNS = (
    "name",
    "source",
    "architecture",
    "family",
    "parameters",
    "input_size",
    "licence",
    "hub",
    "file",
    "trainable",
    *NUMBERS,
)
# marks, among a network's shapes, that it does not end in a linear layer
_NO_HEAD = "!no linear head"


def main() -> None:
    """Write both files."""
    shapes = dict(timm_shapes())
    shapes.update(torchvision_shapes())
    shapes.update(classic_shapes())
    rows = [*timm_rows(shapes), *torchvision_rows(shapes), *classic_rows(shapes), *bundled_rows(shapes)]
    with open(FOLDER / "catalogue.csv", "w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    prints = {name: fingerprint(without_mark(found)) for name, found in shapes.items()}
    (FOLDER / "fingerprints.json").write_text(one_per_line(prints), "utf-8")


def without_mark(shapes: dict[str, tuple[int, ...]]) -> dict[str, tuple[int, ...]]:
    """The shapes of real tensors only."""
    return {name: shape for name, shape in shapes.items() if name != _NO_HEAD}


def one_per_line(prints: dict[str, str]) -> str:
    """JSON that a version control shows line by line."""
    lines = (f"{json.dumps(name)}: {json.dumps(value)}" for name, value in sorted(prints.items()))
    return "{\n" + ",\n".join(lines) + "\n}\n"


def timm_shapes() -> Iterator[tuple[str, dict[str, tuple[int, ...]]]]:
    """Every timm architecture that can be built, with the shapes of its weights."""
    for name in timm.list_models():
        try:
            with torch.device("meta"):
                model = timm.create_model(name, num_classes=CLASSES)
            shapes = shapes_of(model, classifier_path(model))
        except Exception as error:  # noqa: BLE001  some need an optional package; the table lists the others
            print(f"{name}: {error}", file=sys.stderr)
            continue
        yield name, shapes


def torchvision_shapes() -> Iterator[tuple[str, dict[str, tuple[int, ...]]]]:
    """Every torchvision classifier, with the shapes of its weights."""
    for name in names():
        yield f"torchvision/{name}", shapes_of(torchvision_model(name))


def classic_shapes() -> Iterator[tuple[str, dict[str, tuple[int, ...]]]]:
    """Every network of a classic paper, with the shapes of its weights."""
    for name, classic in CLASSICS.items():
        yield name, shapes_of(classic.make(classic.classes), classes=classic.classes)


def shapes_of(model: nn.Module, within: str = "", classes: int = CLASSES) -> dict[str, tuple[int, ...]]:
    """Parameters and buffers by name; what is not trained is marked by a leading `!`, to be counted apart."""
    trained = {name for name, _ in model.named_parameters()}
    shapes = {name if name in trained else f"!{name}": tuple(t.shape) for name, t in model.state_dict().items()}
    try:
        linear_head(model, classes, within)
    except FinetunerError:
        shapes[_NO_HEAD] = ()
    return shapes


def trainable(shapes: dict[str, tuple[int, ...]]) -> str:
    """`yes`, or nothing for a network without a linear head."""
    return "" if _NO_HEAD in shapes else "yes"


def parameters(shapes: dict[str, tuple[int, ...]]) -> int:
    """How many numbers are trained."""
    return sum(torch.Size(shape).numel() for name, shape in shapes.items() if not name.startswith("!"))


def timm_rows(shapes: dict[str, dict[str, tuple[int, ...]]]) -> Iterator[dict[str, object]]:
    """A row for each set of published weights, the architecture's default first; one for bare architectures."""
    for name in timm.list_models():
        if name not in shapes:
            continue
        default = timm.get_pretrained_cfg(name, allow_unregistered=False)
        tagged = [tag for tag in timm.list_models(f"{name}.*", pretrained=True) if tag.split(".")[0] == name]
        first = f"{name}.{default.tag}" if default and default.tag else name
        for tag in sorted(tagged, key=lambda tag: tag != first) or [name]:
            yield timm_row(tag, name, shapes[name])


def timm_row(tag: str, name: str, shapes: dict[str, tuple[int, ...]]) -> dict[str, object]:
    """One line of the table."""
    cfg = timm.get_pretrained_cfg(tag, allow_unregistered=False)
    published = "." in tag and not cfg.custom_load
    size = min(cfg.input_size[-2:])
    return {
        "name": tag,
        "source": "timm",
        "architecture": name,
        "family": model_entrypoint(name).__module__.rpartition(".")[2],
        "parameters": parameters(shapes),
        "input_size": size,
        "licence": (cfg.license or "") if "." in tag else "",
        "hub": (cfg.hf_hub_id or "") if published else "",
        "file": (cfg.hf_hub_filename or "") if published else "",
        "trainable": trainable(shapes),
        **timm_numbers(tag, size),
    }


def torchvision_rows(shapes: dict[str, dict[str, tuple[int, ...]]]) -> Iterator[dict[str, object]]:
    """One line for each torchvision classifier, with its default weights."""
    for name in names():
        weights = get_model_weights(name).DEFAULT
        yield {
            "name": f"torchvision/{name}",
            "source": "torchvision",
            "architecture": f"torchvision/{name}",
            "family": get_model_builder(name).__module__.rpartition(".")[2],
            "parameters": weights.meta["num_params"],
            "input_size": weights.transforms().crop_size[0],
            "licence": "bsd-3-clause",
            "hub": "",
            "file": weights.url.rpartition("/")[2],
            "trainable": trainable(shapes[f"torchvision/{name}"]),
            **torchvision_numbers(name),
        }


def classic_rows(shapes: dict[str, dict[str, tuple[int, ...]]]) -> Iterator[dict[str, object]]:
    """One line for each classic network; none has published weights."""
    for name, classic in CLASSICS.items():
        yield {
            "name": name,
            "source": "classic",
            "architecture": name,
            "family": "classic",
            "parameters": parameters(shapes[name]),
            "input_size": classic.input_size,
            "trainable": trainable(shapes[name]),
            **classic_numbers(name),
        }


def bundled_rows(shapes: dict[str, dict[str, tuple[int, ...]]]) -> Iterator[dict[str, object]]:
    """One line for each network that ships with the program, from the `config.json` beside its weights."""
    for file in sorted(FOLDER.glob("*/config.json")):
        config = json.loads(file.read_text("utf-8"))
        architecture, size = config["architecture"], config["pretrained_cfg"]["input_size"][-1]
        yield {
            **timm_row(architecture, architecture, shapes[architecture]),
            **timm_numbers(architecture, size),
            "name": file.parent.name,
            "source": "bundled",
            "input_size": size,
            "licence": config["pretrained_cfg"]["license"],
            "file": "model.safetensors",
        }


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    main()
