"""The one place that imports QtMultimedia: on a bare system it lacks libraries, and that is a sentence."""

import sys
from importlib import import_module
from typing import Any

from PySide6.QtCore import QLoggingCategory

from finetuner.engine.errors import FinetunerError

# which library plays and which way a frame is converted are no news to a user; warnings stay
_QUIET = "default.debug=false\nqt.multimedia.*.info=false\nqt.multimedia.symbolsresolver=false"
_FIX = {
    "linux": "Install what it needs; on Debian or Ubuntu: sudo apt-get install libpulse0 libxrandr2",
}


def qt_multimedia() -> Any:
    """The module PySide6.QtMultimedia. Raises FinetunerError when it or one of its libraries is missing."""
    QLoggingCategory.setFilterRules(_QUIET)
    try:
        return import_module("PySide6.QtMultimedia")
    except ImportError as error:
        raise FinetunerError(
            f"Cameras and videos cannot be used: {error}.", _FIX.get(sys.platform, "Install PySide6_Addons.")
        ) from error
