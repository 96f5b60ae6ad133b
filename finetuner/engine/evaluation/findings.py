"""What was found out about a run after its training, kept in its folder for the report and the model card."""

import json
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from finetuner.engine.documents import read_json
from finetuner.engine.errors import FinetunerError
from finetuner.engine.events import OthersMeasured, RobustnessMeasured
from finetuner.engine.files import write_text

FINDINGS = "findings.json"


class Findings(BaseModel):
    """What is known; None where nobody has looked."""

    model_config = ConfigDict(frozen=True)
    likely_wrong: int | None = Field(None, ge=0, description="Labels that are likely wrong, of the images asked.")
    asked: int = Field(0, ge=0)
    robustness: RobustnessMeasured | None = None
    others: OthersMeasured | None = Field(None, description="Images of other kinds, told apart from known ones.")


def read_findings(run: Path) -> Findings:
    """None of them where there is no file. Raises FinetunerError when it is damaged."""
    if not (run / FINDINGS).exists():
        return Findings()
    try:
        return Findings.model_validate(read_json(run / FINDINGS))
    except (OSError, ValueError) as error:
        raise FinetunerError(
            f"What was found out about {run.name} cannot be read: {error}.", f"Delete {run / FINDINGS}, and look again."
        ) from error


def keep_findings(run: Path, **found: Any) -> None:
    """Write these beside what is known already. Raises OSError."""
    known = read_findings(run).model_copy(update=found)
    write_text(run / FINDINGS, json.dumps(known.model_dump(mode="json"), indent=1))
