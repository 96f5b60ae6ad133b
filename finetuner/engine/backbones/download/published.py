"""What a server says of a file, checked before anything is believed."""

from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, Field, ValidationError

from finetuner.engine.backbones.download.order import Answer
from finetuner.engine.backbones.download.trouble import TroubleError


@dataclass(frozen=True)
class Published:
    """One file: where it is, what it must be (full SHA-256 or its first digits), where it grows on this disk.

    `size` in bytes, None when nobody tells.
    """

    file_id: str
    url: str
    sha256: str
    size: int | None
    part: Path
    on_hub: bool = False


class HubFile(BaseModel):
    """The hub's statement about a file of a repository. It names paths on this disk: only plain hashes are taken."""

    url: str = Field(pattern="^https?://")
    commit: str = Field(pattern="^[0-9a-f]{40}$")
    file: str
    size: int = Field(gt=0)
    sha256: str = Field(pattern="^[0-9a-f]{64}$")


def hub_file(answer: Answer) -> HubFile:
    """The hub's answer. Raises TroubleError when it states no size or no SHA-256."""
    try:
        return HubFile.model_validate(answer)
    except ValidationError as error:
        lacking = ", ".join(str(problem["loc"][0]) for problem in error.errors())
        raise TroubleError(f"the hub's answer has no valid {lacking}") from error
