"""The type: Inter with tabular figures, shipped with the app; the system's fonts fill in other scripts."""

from PySide6.QtGui import QFont, QFontDatabase

from finetuner.engine.paths import resources
from finetuner.gui.theme.sizes import TYPE

FAMILY = "Inter Finetuner"
_FILES = ("InterFinetuner-Regular.otf", "InterFinetuner-SemiBold.otf")


def load() -> None:
    """Make the shipped faces known, once. Without the files Qt takes the system's sans serif."""
    if FAMILY not in QFontDatabase.families():
        for name in _FILES:
            QFontDatabase.addApplicationFont(str(resources() / "fonts" / name))


def font(role: str = "body") -> QFont:
    """The font of a role of the type scale, for what is painted by hand; titles and figures are semi-bold."""
    made = QFont([FAMILY, "Inter", "Segoe UI", "SF Pro Text", "Noto Sans", "DejaVu Sans"])
    made.setPixelSize(TYPE[role])
    made.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    if role in ("heading", "title", "figure"):
        made.setWeight(QFont.Weight.DemiBold)
    return made
