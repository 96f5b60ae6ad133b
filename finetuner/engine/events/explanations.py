"""What a look inside a network gives: pictures, whether to believe them, concepts, styles."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from finetuner.engine.events.event import Event

ALIKE = 0.5
"""A rank correlation from which on two maps are taken for alike: gradients stay below it, deconvnets do not."""


class Trust(BaseModel):
    """Whether a map may be believed. Means of the class's probability, and how the map depends on what was learned."""

    model_config = ConfigDict(frozen=True)
    deletion: float = Field(description="While what the map marks is taken away, the strongest first; low is good.")
    insertion: float = Field(description="While it is shown, the strongest first; high is good.")
    deletion_by_chance: float
    insertion_by_chance: float
    likeness: float = Field(
        description="Rank correlation with the map after head and upper blocks were randomised; near 1 is bad."
    )
    sentence: str

    @property
    def refuted(self) -> bool:
        """Whether the map must not be relied on."""
        no_better = self.deletion >= self.deletion_by_chance and self.insertion <= self.insertion_by_chance
        return self.likeness >= ALIKE or no_better


class Explained(Event):
    """A picture of why. `overlay` is a PNG on disk; `heat` the bare map as PNG, where one was written.

    `layer` is empty for a method that looks at none; `sentence` tells what the picture cannot.
    """

    kind: Literal["explained"] = "explained"
    image: str
    method: str
    layer: str
    label: str
    probability: float
    overlay: str
    heat: str
    seconds: float
    sentence: str = ""
    trust: Trust | None = None


class ConceptScore(BaseModel):
    """What a concept means for one class. `score` is the share of its images whose logit rises towards the concept.

    The mean over all draws, as is `by_chance`, the same for random directions. `p_value` is two-sided and corrected
    for the number of classes.
    """

    model_config = ConfigDict(frozen=True)
    label: str
    images: int
    score: float
    by_chance: float
    p_value: float
    speaks: Literal["for", "against", "unclear"]
    sentence: str


class ConceptTested(Event):
    """What a concept means for each class that was asked about, as `layer` holds it.

    `accuracy` is the share of images, held out of each draw and half of them random, that the layer tells apart.
    """

    kind: Literal["concept-tested"] = "concept-tested"
    concept: str
    layer: str
    draws: int
    concept_images: int
    random_images: int
    accuracy: float
    scores: tuple[ConceptScore, ...]
    seconds: float


class StyleTransferred(Event):
    """A picture of one image in the manner of another. `path` is a PNG on disk, as large as the content picture.

    `network` is the one whose features were compared; `sentence` tells how near the style came.
    """

    kind: Literal["style-transferred"] = "style-transferred"
    content: str
    style: str
    path: str
    method: str
    network: str
    seconds: float
    sentence: str


class Judged(Event):
    """Whether the map of a method for a class of an image may be believed."""

    kind: Literal["judged"] = "judged"
    image: str
    method: str
    label: str
    trust: Trust


class LayerRow(BaseModel):
    """A layer that may be looked at: a module's name, and how many places it has in each direction."""

    model_config = ConfigDict(frozen=True)
    name: str
    side: int


class LayersListed(Event):
    """Where each block of a run's network ends, from stem to head; `usual` is looked at unless one is chosen."""

    kind: Literal["layers-listed"] = "layers-listed"
    run: str
    usual: str
    layers: tuple[LayerRow, ...]
