from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QImage
from pytestqt.qtbot import QtBot

from finetuner.gui.widgets.ink import font
from finetuner.gui.widgets.moment_strip import GAP, WIDE, MomentStrip
from finetuner.gui.widgets.ticks import write_percent


def picture(colour: str) -> QImage:
    made = QImage(80, 20, QImage.Format.Format_RGB32)
    made.fill(QColor(colour))
    return made


def test_the_newest_stands_first_and_the_oldest_goes(qtbot: QtBot) -> None:
    strip = MomentStrip("Decisions", 3)
    qtbot.addWidget(strip)
    strip.resize(400, 100)
    for colour in ("red", "lime", "blue", "white"):
        strip.add(picture(colour), colour, "12:00")
    assert [title for _, title, _ in strip.moments] == ["white", "blue", "lime"]
    painted = strip.grab().toImage()
    at = [painted.pixelColor(number * (WIDE + GAP) + WIDE // 2, 20).name() for number in range(3)]
    assert at == ["#ffffff", "#0000ff", "#00ff00"]
    assert strip.accessibleDescription() == "white, 12:00"


def test_a_share_and_a_time_are_not_cut_short(qtbot: QtBot) -> None:
    note = f"{write_percent(1)}  20:48:28"
    assert QFontMetricsF(font("small")).horizontalAdvance(note) <= WIDE - 2


def test_a_click_opens_what_is_there_and_nothing_else(qtbot: QtBot) -> None:
    strip = MomentStrip("Decisions", 3)
    qtbot.addWidget(strip)
    opened: list[int] = []
    strip.opened.connect(opened.append)
    qtbot.keyClick(strip, Qt.Key.Key_Return)
    strip.add(picture("red"), "red", "")
    strip.add(picture("blue"), "blue", "")
    for x in (WIDE + GAP + 5, 5, 3 * (WIDE + GAP)):
        qtbot.mouseClick(strip, Qt.MouseButton.LeftButton, pos=QPoint(x, 10))
    qtbot.keyClick(strip, Qt.Key.Key_Right)
    qtbot.keyClick(strip, Qt.Key.Key_Space)
    assert opened == [1, 0, 1]
    strip.clear()
    assert strip.moments == []
