"""Options of the page that are there again at the next start, among the window's preferences."""

from typing import Any, Literal, TypeVar

from pydantic import ValidationError
from PySide6.QtCore import QCoreApplication

from finetuner.engine.job import Part
from finetuner.gui.session import Session

Kept = TypeVar("Kept", bound=Part)
Name = Literal["steadiness", "actions"]
"""A preference that holds the options of a part."""


def kept(session: Session, name: Name, part: type[Kept]) -> Kept:
    """The options as they were left; those that another version or a hand has spoilt begin anew, which is told."""
    try:
        return part.model_validate(getattr(session.settings, name))
    except ValidationError:
        words = QCoreApplication.translate("Live", "The options kept as “{}” do not fit and begin anew.")
        session.tell(words.format(name), level="warning")
        session.change_settings(**{name: {}})
        return part()


def keep(session: Session, name: Name, options: Part) -> None:
    """Keep the options that differ from what they are at first."""
    told: dict[str, Any] = options.model_dump(mode="json", exclude_defaults=True)
    session.change_settings(**{name: told})
