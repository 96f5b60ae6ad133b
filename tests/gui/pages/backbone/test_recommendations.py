import pytest

from finetuner.gui.pages.backbone.recommendations import Recommendations
from tests.gui.pages.backbone.rows import row

FAST = row("quick.v1", recommended="fast", top1=77.9, gmacs=0.22)
ACCURATE = row("big.v1", "on disk", recommended="accurate", top1=85.1, gmacs=4.2, milliseconds=31.2)


@pytest.fixture
def cards(qtbot) -> Recommendations:
    made = Recommendations()
    qtbot.addWidget(made)
    made.show_rows((row("other"), ACCURATE, FAST))
    return made


def test_a_card_tells_accuracy_cost_and_where_the_weights_are(cards):
    assert cards.cards["fast"].text() == "Fast: quick"
    assert cards.cards["fast"].sentence == "77.9 % on ImageNet  ·  0.22 GMACs\ndownload 14 MB"
    assert cards.cards["accurate"].sentence == "85.1 % on ImageNet  ·  31.2 ms here\non disk"


def test_only_wishes_with_a_backbone_have_a_card(cards):
    assert [wish for wish, card in cards.cards.items() if not card.isHidden()] == ["fast", "accurate"]
    cards.show_rows(())
    assert cards.isHidden()


def test_a_card_says_which_backbone_it_means(qtbot, cards):
    with qtbot.waitSignal(cards.chosen) as chosen:
        cards.cards["accurate"].click()
    assert chosen.args == ["big.v1"]


def test_the_selected_one_is_marked(cards):
    cards.mark("quick.v1")
    assert [card.isChecked() for card in cards.cards.values()] == [True, False, False]
