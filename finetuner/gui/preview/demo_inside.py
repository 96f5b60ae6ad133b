"""Demo answers for the Explain page's other tabs: a concept that speaks for one class, and a picture repainted."""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from PIL import Image

from finetuner.engine.dataset.decode import open_rgb
from finetuner.engine.events import ConceptScore, ConceptTested, Event, Progress, StyleTransferred
from finetuner.engine.explanations.keep import save
from finetuner.engine.requests import ConceptRequest, StyleRequest
from finetuner.engine.run_store.run_folder import RunFolder


def _concept(request: ConceptRequest) -> Iterator[Event]:
    """It speaks for the first class; of the others nothing is known."""
    yield Progress(activity="Looking at the concept", done=12, total=30)
    name, (first, *others) = request.concept.name, RunFolder(request.run).classes
    speaks = ConceptScore(
        label=first, images=24, score=0.86, by_chance=0.49, p_value=0.003, speaks="for",
        sentence=f"{name} speaks for {first}: 86% of its images, p = 0.003.",
    )  # fmt: skip
    yield ConceptTested(
        concept=name, layer=request.layer or "blocks.4", draws=request.draws, concept_images=30, random_images=60,
        accuracy=0.96, scores=(speaks, *(_unclear(name, other) for other in others)), seconds=4.0,
    )  # fmt: skip


def _unclear(name: str, label: str) -> ConceptScore:
    told = f"No sign that {name} matters for {label}: not to be told from random images (48% of its images, p = 1.00)."
    return ConceptScore(
        label=label, images=24, score=0.48, by_chance=0.51, p_value=1.0, speaks="unclear", sentence=told
    )


def _style(request: StyleRequest) -> Iterator[Event]:
    """The content in the style's colours."""
    yield Progress(activity="Painting by gradients", done=request.steps // 2, total=request.steps)
    content, style = open_rgb(request.content), open_rgb(request.style)
    path = save(_recoloured(content, style), request.out, {"method": f"style-transfer, {request.method}"})
    yield StyleTransferred(
        content=str(request.content), style=str(request.style), path=path, method=request.method, network="vgg19",
        seconds=40.0,
        sentence="The photo's Gram matrices were 82% away from the style's, the picture's are 6%; its content is 31%"
        " away from the photo's.",
    )  # fmt: skip


def _recoloured(content: Image.Image, style: Image.Image) -> Image.Image:
    """With the mean and the deviation of the style's colours."""
    own, other = (np.asarray(each, np.float32).reshape(-1, 3) for each in (content, style))
    values = (own - own.mean(0)) / (own.std(0) + 1) * other.std(0) + other.mean(0)
    return Image.fromarray(values.clip(0, 255).astype(np.uint8).reshape(content.height, content.width, 3))


ANSWERS: dict[str, Callable[[Any], Iterator[Event]]] = {"concept": _concept, "style-transfer": _style}
