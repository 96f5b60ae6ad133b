"""What the adviser tells: how each backbone did on the user's images, and which one it recommends."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from finetuner.engine.events.event import Event


class BackboneAdvice(BaseModel):
    """How a backbone did on the user's images, frozen, with a quick head."""

    model_config = ConfigDict(frozen=True)
    name: str
    accuracy: float = Field(description="Share of held-out images that a ridge head named rightly.")
    low: float = Field(description="Lower end of the 95 % interval of that share.")
    high: float = Field(description="Upper end of the 95 % interval of that share.")
    neighbours: float = Field(description="The same share for the five nearest neighbours.")
    logme: float = Field(description="Mean maximal log evidence per image; comparable on the same images only.")
    milliseconds: float = Field(description="Time for an image on this machine.")
    input_size: int


class BackboneAdvised(Event):
    """One backbone was tried."""

    kind: Literal["backbone-advised"] = "backbone-advised"
    advice: BackboneAdvice
    done: int
    total: int


class AdviceEnded(Event):
    """All were tried: the recommended one first, why, and who is on the efficient frontier (fastest first)."""

    kind: Literal["advice-ended"] = "advice-ended"
    ranking: tuple[BackboneAdvice, ...]
    frontier: tuple[str, ...]
    sentence: str
    images: int
