"""A folder that timm opens: `model.safetensors`, `config.json` and a short model card."""

import json
from pathlib import Path

from finetuner import __version__
from finetuner.engine.backbones.deployed import CONFIG, Trained, load_folder, save_best
from finetuner.engine.backbones.unknown import copy_unknown, with_unknown
from finetuner.engine.events import Certificate
from finetuner.engine.exporters.app_model import app_model
from finetuner.engine.exporters.exporter import Layers, Limits, Model, Pixels
from finetuner.engine.exporters.layers import TorchLayers
from finetuner.engine.files import write_text
from finetuner.engine.run_store.unknown import NUMBERS, Cut

CARD = "README.md"


class Safetensors:
    """`timm.create_model('local-dir:FOLDER', pretrained=True)` opens it; logits are uncalibrated there."""

    folder = True
    limits = Limits()

    def write(self, trained: Trained, target: Path, author: str) -> None:
        """Write weights, configuration and card into the new folder `target`."""
        save_best(target, trained.network, trained.classes, trained.temperature)
        _add(target, "thresholds", dict(trained.thresholds.classes))
        copy_unknown(trained, target)
        write_text(target / CARD, card(trained, author))

    def reopen(self, target: Path) -> Model:
        """Build the network from the folder alone."""
        return app_model(_read(target))

    def classes(self, target: Path) -> tuple[str, ...]:
        """The `label_names` of config.json."""
        return load_folder(target).classes

    def layers(self, target: Path, pixels: Pixels) -> Layers | None:
        """The modules of the network that was read back."""
        return TorchLayers(_read(target).deployed, pixels)

    def certify(self, target: Path, certificate: Certificate) -> None:
        """Add the certificate to config.json and to the card."""
        _add(target, "certificate", certificate.model_dump(mode="json"))
        text = (target / CARD).read_text("utf-8")
        write_text(target / CARD, f"{text}\n## Verified\n{certificate.sentence()} {certificate.note}\n")


def _read(folder: Path) -> Trained:
    return with_unknown(load_folder(folder), folder)


def _add(folder: Path, name: str, value: object) -> None:
    config = json.loads((folder / CONFIG).read_text("utf-8"))
    config["finetuner"][name] = value
    write_text(folder / CONFIG, json.dumps(config, indent=2))


def card(trained: Trained, author: str) -> str:
    """A model card for people: what it is, what it answers, how to open it."""
    network, rule, limits = trained.network, trained.network.preprocessing, trained.thresholds.classes
    classes = "".join(f"- {_line(name)}\n" for name in trained.classes)
    return (
        f"# Image classifier on {network.name}\n"
        + (f"By {author}. " if author else "")
        + f"Made with finetuner {__version__}. {network.loaded}\n\n"
        f"## Classes\n{classes}\n"
        "## Input\n"
        f"RGB. Cut the centre square of side min(height, width) x {rule.crop_pct:g}, resize it with antialiasing "
        f"({rule.interpolation}) to {rule.input_size} x {rule.input_size}, scale to 0..1, subtract the mean "
        f"{list(rule.mean)}, divide by {list(rule.std)}.\n\n"
        f"## Output\nLogits. Probabilities are softmax(logits / {trained.temperature:.4g}).\n"
        + _about_unknown(trained.cut)
        + "".join(f"Below {value:g} {_line(name)} is to be answered as unsure.\n" for name, value in limits.items())
    )


def _about_unknown(cut: Cut | None) -> str:
    if cut is None:
        return ""
    return (
        f"An image is unknown where its score ({cut.method}, from the rows of `{NUMBERS}`) is above"
        f" {cut.threshold:.4g}.\n"
    )


def _line(name: str) -> str:
    return name.replace("\n", " ")
