"""The network in the box: its weights and their `config.json` ship with the program; timm builds it."""

import json
from typing import Any

from finetuner.engine.backbones import shelf
from finetuner.engine.backbones.architecture import Architecture, Options
from finetuner.engine.backbones.sources import timm_models


def make(name: str, options: Options) -> Architecture:
    """Build the bundled network `name` as its weights want it. Raises FinetunerError for options it does not have."""
    config: dict[str, Any] = json.loads((shelf.bundled_folder(name) / "config.json").read_text("utf-8"))
    return timm_models.make(config["architecture"], options, config["pretrained_cfg"])
