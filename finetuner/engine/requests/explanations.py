"""A look inside a network."""

from pathlib import Path
from typing import Literal

from pydantic import Field

from finetuner.engine.job import Device, Part
from finetuner.engine.requests.request import Request


class ExplainRequest(Request):
    """Why this answer? One image and method: writes `out` (PNG). A folder, or the method `all`: one PNG each into the
    folder `out`, told as Explained..., and a Notice for what does not fit.
    """

    task: Literal["explain"] = "explain"
    run: Path
    image: Path
    method: str = "grad-cam"
    out: Path
    label: str | None = Field(None, description="Explain this class; default: the predicted one.")
    layer: str | None = Field(None, description="A module's name; default: by family.")
    trust: bool = Field(False, description="Also find out whether each map may be believed.")
    map: Path | None = Field(None, description="Keep the last map here too, for a JudgeRequest.")


class JudgeRequest(Request):
    """May the map that an ExplainRequest kept be believed? `label`, `layer` as Explained told them. Yields Judged."""

    task: Literal["judge"] = "judge"
    run: Path
    image: Path
    method: str
    label: str
    layer: str
    map: Path


class LayersRequest(Request):
    """At which layers may one look? Yields LayersListed."""

    task: Literal["layers"] = "layers"
    run: Path


class ConceptRequest(Request):
    """Does a concept matter for the classes of a run? Yields Progress..., ConceptTested.

    `concept` and `random` are folders of images: some that show it, and any others.
    """

    task: Literal["concept"] = "concept"
    run: Path
    concept: Path
    random: Path
    label: str | None = Field(None, description="Ask about this class; default: about each.")
    layer: str | None = Field(None, description="A module's name; default: two thirds of the way up.")
    draws: int = Field(20, ge=3, le=500, description="How many directions are drawn, each from other random images.")
    seed: int = Field(0, ge=0, lt=2**31)


class StylePart(Part):
    """How a picture is painted in the manner of another. The usual size and steps are a minute's work of two cores."""

    method: Literal["gatys", "adain"] = Field(
        "gatys", title="Method", description="gatys: step by step, by gradients. adain: at once, by a trained decoder."
    )
    weights: Path | None = Field(
        None, title="Network's weights", description="A VGG's, or AdaIN's encoder; default: the best VGG on this disk."
    )
    decoder: Path | None = Field(
        None, title="Decoder's weights", description="adain: the decoder that was trained for this encoder."
    )
    steps: int = Field(100, ge=1, le=10_000, title="Steps", description="gatys: more come nearer to the style.")
    side: int = Field(
        224,
        ge=32,
        le=4096,
        title="Side in pixels",
        description="The longest side while it is painted; time and memory grow with its square.",
    )
    strength: float = Field(
        1.0,
        ge=0,
        le=100,
        title="Strength",
        description="How much of the style. gatys: 1 is a balance, more is more. adain: from 0 to 1.",
    )


class StyleRequest(Request, StylePart):
    """Paint `content` in the manner of `style` into `out` (PNG). Yields Progress..., StyleTransferred."""

    task: Literal["style-transfer"] = "style-transfer"
    content: Path
    style: Path
    out: Path
    device: Device = "auto"
