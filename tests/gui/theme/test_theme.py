import pytest
from PySide6.QtCore import QSize
from PySide6.QtGui import QColor, QFontInfo, QFontMetricsF, QIcon, QPalette
from PySide6.QtWidgets import QLabel

from finetuner.gui import theme
from finetuner.gui.theme.colours import DARK, LIGHT
from finetuner.gui.theme.fonts import FAMILY
from finetuner.gui.theme.icons import names
from finetuner.gui.theme.palette import palette

BOTH = pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])


def luminance(name: str) -> float:
    parts = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in QColor(name).getRgbF()[:3]
    ]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


def contrast(one: str, other: str) -> float:
    """WCAG 2 contrast ratio."""
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@BOTH
@pytest.mark.parametrize("text", ["text", "muted", "accent", "good", "warning", "bad"])
@pytest.mark.parametrize("ground", ["window", "surface", "rail", "sunken"])
def test_words_can_be_read(colours, text, ground):
    assert contrast(getattr(colours, text), getattr(colours, ground)) >= 4.5


@BOTH
@pytest.mark.parametrize(
    ("text", "ground"),
    [("on_accent", "accent"), ("on_accent", "accent_hover"), ("accent", "accent_soft"), ("text", "accent_soft"),
     ("text", "good_soft"), ("text", "warning_soft"), ("text", "bad_soft"), ("bad", "bad_soft")],
)  # fmt: skip
def test_words_on_colour_can_be_read(colours, text, ground):
    assert contrast(getattr(colours, text), getattr(colours, ground)) >= 4.5


@BOTH
def test_every_role_that_fusion_draws_with_is_ours(colours):
    made = palette(colours)
    for role in ("Window", "Base", "Button", "Text", "Light", "Midlight", "Mid", "Dark", "Shadow", "Highlight"):
        assert made.isBrushSet(QPalette.ColorGroup.Active, QPalette.ColorRole[role]), role
    assert made.color(QPalette.ColorRole.Window) == QColor(colours.window)


@pytest.mark.parametrize("mode", ["light", "dark", "system"])
def test_every_theme_can_be_put_on(qapp, mode):
    theme.apply(qapp, mode)
    assert theme.colours() is (DARK if mode == "dark" else LIGHT)
    assert "${" not in qapp.styleSheet()
    assert theme.colours().accent in qapp.styleSheet()


@pytest.mark.parametrize("name", names())
def test_every_icon_draws_something_in_its_colour(qapp, name):
    theme.apply(qapp, "light")
    image = theme.pixmap(name, 24).toImage()
    inked = [image.pixelColor(x, y) for x in range(image.width()) for y in range(image.height())]
    assert sum(colour.alphaF() > 0.5 for colour in inked) > 20
    if name != "mark":
        assert all(colour.name() == theme.colours().muted for colour in inked if colour.alphaF() == 1.0)


def test_an_icon_follows_a_change_of_theme(qapp):
    theme.apply(qapp, "light")
    made = theme.icon("stop")

    def middle():
        return made.pixmap(QSize(24, 24)).toImage().pixelColor(12, 12).name()

    assert middle() == LIGHT.muted
    theme.apply(qapp, "dark")
    assert middle() == DARK.muted
    assert made.pixmap(QSize(24, 24), QIcon.Mode.Disabled).toImage().pixelColor(12, 12).name() == DARK.faint


def test_an_unknown_icon_answers_with_the_known_ones(qapp):
    with pytest.raises(KeyError, match="there are backbone"):
        theme.icon("unicorn")


def test_figures_are_as_wide_as_each_other(qapp):
    theme.apply(qapp, "light")
    for role in theme.TYPE:
        assert QFontInfo(theme.font(role)).family() == FAMILY
        metrics = QFontMetricsF(theme.font(role))
        widths = [metrics.horizontalAdvance(digit) for digit in "0123456789"]
        assert max(widths) - min(widths) < 0.05


def test_a_role_can_change_after_a_widget_was_shown(qapp, qtbot):
    theme.apply(qapp, "light")
    label = QLabel("words")
    qtbot.addWidget(label)
    label.show()
    theme.set_role(label, "bad")
    assert label.palette().color(QPalette.ColorRole.WindowText).name() == LIGHT.bad
