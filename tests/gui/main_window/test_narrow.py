"""The smallest window: the rail leaves the room to the page, and nothing of a page is cut off."""

import pytest
from PySide6.QtWidgets import QPushButton

from finetuner.gui import theme
from finetuner.gui.main_window import MainWindow


@pytest.fixture
def smallest(window: MainWindow, qapp) -> MainWindow:
    window.resize(window.minimumSize())
    qapp.processEvents()
    return window


def rail_buttons(window: MainWindow) -> list[QPushButton]:
    return [button for button in window.findChildren(QPushButton) if button.property("role") == "rail"]


def test_the_rail_has_icons_alone_and_names_for_those_who_ask(smallest):
    assert {button.text() for button in rail_buttons(smallest)} == {""}
    assert all(button.toolTip() == button.accessibleName() != "" for button in rail_buttons(smallest))
    assert smallest._rail.width() == theme.NARROW_RAIL


def test_in_a_wider_window_the_words_are_there_again(smallest, qapp):
    smallest.resize(1280, 800)
    qapp.processEvents()
    assert all(button.text() == button.accessibleName() for button in rail_buttons(smallest))
    assert smallest._rail.width() == theme.RAIL


def test_what_a_strategy_means_is_seen_whole(smallest, qtbot):
    smallest.show_page("strategy")
    right = smallest.page.right
    qtbot.waitUntil(lambda: not smallest.session.calls.busy)
    assert right.widget().minimumSizeHint().width() <= right.viewport().width()


def test_cards_are_as_high_as_their_words(smallest, qtbot):
    smallest.show_page("strategy")
    cards = smallest.page.cards.cards.values()
    qtbot.waitUntil(lambda: all(card.height() >= card.heightForWidth(card.width()) for card in cards))
