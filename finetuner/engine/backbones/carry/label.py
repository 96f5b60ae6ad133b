"""What a carry file says of itself, in the metadata of a safetensors file. Torch-free."""

from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from safetensors import SafetensorError, safe_open

from finetuner.engine.errors import FinetunerError

KEY = "finetuner-carry"
# it becomes part of a file's name
_NAME = r"^[A-Za-z0-9_][A-Za-z0-9_.+/-]*$"
_HASH = "^[0-9a-f]{64}$"


class Label(BaseModel):
    """Which network, whose licence, from where. `content`: SHA-256 of the tensors; `published`: of the file they left.

    `origin` is the id of the published file, or the name of the user's own.
    """

    model_config = ConfigDict(frozen=True)
    backbone: str = Field(pattern=_NAME)
    architecture: str = Field(pattern=_NAME)
    licence: str
    origin: str
    published: str = Field(pattern=_HASH)
    content: str = Field(pattern=_HASH)

    @property
    def filename(self) -> str:
        """What the file is called where it is kept: by such a name its architecture is known again."""
        told = self.backbone.split(".")[0] == self.architecture
        stem = self.backbone if told else f"{self.architecture}.{self.backbone}"
        return f"{stem.replace('/', '--')}.safetensors"

    def metadata(self) -> dict[str, str]:
        """As the metadata of a safetensors file."""
        return {"format": "pt", KEY: self.model_dump_json()}


def read_label(path: Path) -> Label | None:
    """The label of a carry file; None for any other file. Raises FinetunerError when the label is damaged."""
    if path.suffix != ".safetensors":
        return None
    try:
        with safe_open(path, framework="np") as file:
            text = (file.metadata() or {}).get(KEY)
        return Label.model_validate_json(text) if text else None
    except ValidationError as error:
        raise FinetunerError(f"{path.name} is a damaged carry file.", "Carry it over again.") from error
    except (SafetensorError, OSError):
        return None  # whoever reads its tensors will say what is wrong with it
