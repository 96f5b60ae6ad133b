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
    labelled: int = Field(0, description="How many of the images have a label of the model's.")
    accuracy: float | None = Field(None, description="Of the file, on those; app_accuracy is the app's.")
    app_accuracy: float | None = None
    accuracy_loss: float | None = Field(None, description="Largest allowed, where the format may cost accuracy.")

    def sentence(self) -> str:
        """The certificate in words."""
        allowed = f" (allowed: {self.tolerance:.0e})" if self.tolerance < 1 else ""
        return (
            f"On {self.images} images the exported file and the app agree on {100 * self.agreement:.4g}% of the "
            f"answers; the largest difference in a probability is {self.largest_difference:.1e}{allowed}."
            + self._accuracy_sentence()
        )

    def _accuracy_sentence(self) -> str:
        if self.accuracy is None or self.app_accuracy is None or self.accuracy_loss is None:
            return ""
        return (
            f" Of the {self.labelled} labelled ones it gets {self.accuracy:.1%} right, the app {self.app_accuracy:.1%}"
            f" (a loss of {100 * self.accuracy_loss:g} points, or of one image, is allowed)."
        )


class FileFigures(BaseModel):
    """A file in figures: bytes, speed on this machine, and on the held-out images accuracy and the app's answers."""

    model_config = ConfigDict(frozen=True)
    format: str
    size_mb: float
    milliseconds: float
    agreement: float
    accuracy: float | None = None


class Exported(Event):
    """The file is written and verified."""

    kind: Literal["exported"] = "exported"
    run: str
    path: str
    format: str
    size_mb: float
    milliseconds: float = Field(description="Per image, in onnxruntime on this machine's CPU; 0 if not measured.")
    certificate: Certificate
    figures: tuple[FileFigures, ...] = Field((), description="Of a smaller format: the full file, then this one.")
    card: str = Field("", description="The model card beside it; none for a run without figures.")
