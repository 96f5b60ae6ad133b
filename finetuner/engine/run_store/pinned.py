"""One line of a run's `split.json`: which file went where, with the hash of its content."""

from pydantic import BaseModel, ConfigDict


class PinnedImage(BaseModel):
    """An image of a run."""

    model_config = ConfigDict(frozen=True, extra="ignore")
    path: str
    label: str
    split: str
    content: str = ""
