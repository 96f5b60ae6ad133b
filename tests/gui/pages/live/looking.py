"""What the tests of the page do again and again."""

from pathlib import Path

from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from finetuner.gui.pages.live import LivePage
from tests.gui.pages.live.fakes import FakeSources, FakeStream


def stream_of(sources: FakeSources) -> FakeStream:
    return sources.streams[-1]


def enter(qtbot: QtBot, page: LivePage, opened: list[Path]) -> None:
    page.entered()
    qtbot.waitUntil(lambda: bool(opened))


def buttons(page: LivePage) -> dict[str, QPushButton]:
    return {button.text(): button for button in page.findChildren(QPushButton) if button.isVisible()}


def corner(page: LivePage) -> int:
    """The red of the corner of what is drawn; -1 while nothing is."""
    return -1 if page.stage.image.isNull() else page.stage.image.pixelColor(0, 0).red()
