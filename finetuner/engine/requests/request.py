"""What every request is."""

import json

from pydantic import BaseModel, ConfigDict


class Request(BaseModel):
    """One long call to the engine."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    task: str

    def to_json(self) -> str:
        """One line of ASCII; file names that are not UTF-8 survive as surrogate escapes."""
        return json.dumps(self.model_dump(mode="json"))
