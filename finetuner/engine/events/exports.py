"""What an export gives."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from finetuner.engine.events.event import Event


class Certificate(BaseModel):
    """What was compared between the exported file and torch, and how well it agreed."""

    model_config = ConfigDict(frozen=True)
    images: int
    agreement: float = Field(description="Share of images with the same top-1 class.")
    largest_difference: float = Field(description="Largest |difference| over all probabilities.")
    tolerance: float
    passed: bool
    created: str
    versions: dict[str, str]
    format: str
    note: str = ""

    def sentence(self) -> str:
        """The certificate in words."""
        return (
            f"On {self.images} images the exported file and the app agree on {self.agreement:.0%} of the answers; "
            f"the largest difference in a probability is {self.largest_difference:.1e} "
            f"(allowed: {self.tolerance:.0e})."
        )


class Exported(Event):
    """The file is written and verified."""

    kind: Literal["exported"] = "exported"
    run: str
    path: str
    format: str
    size_mb: float
    milliseconds: float = Field(description="Per image, in onnxruntime on this machine's CPU; 0 if not measured.")
    certificate: Certificate
    card: str = Field("", description="The model card beside it; none for a run without figures.")
