"""Two classes of about the same probability do not take turns on the page."""

from pathlib import Path

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from finetuner.engine.prediction.steadiness import SteadinessPart
from finetuner.gui.pages.live import LivePage
from tests.gui.pages.live.fakes import FakePredictor, FakeSources
from tests.gui.pages.live.looking import enter, stream_of


def test_what_is_changed_in_the_options_holds_at_once(
    qtbot: QtBot, page: LivePage, sources: FakeSources, opened: list[Path]
) -> None:
    enter(qtbot, page, opened)
    dialog = page.more.ask_for_steadiness()
    dialog.form.changed.emit({"smoothing": 0.0})
    assert page.answerer.steadiness == SteadinessPart(smoothing=0.0)
    qtbot.waitUntil(lambda: len(opened) == 2)
    assert stream_of(sources).running
    dialog.close()


@pytest.mark.parametrize(("lead", "label"), [(0.2, "ants"), (0.0, "bees")])
def test_another_class_takes_over_by_its_lead(
    qtbot: QtBot, page: LivePage, sources: FakeSources, predictor: FakePredictor, opened: list[Path],
    monkeypatch: pytest.MonkeyPatch, lead: float, label: str,
) -> None:  # fmt: skip
    close = np.array([[0.45, 0.55, 0, 0]], np.float32)
    shares = {10: close[:, [1, 0, 2, 3]], 20: close}
    monkeypatch.setattr(predictor, "predict", lambda images: shares[int(images[0][0, 0, 0])])
    page.answerer.steadiness = SteadinessPart(smoothing=0, lead=lead, hold=10)
    enter(qtbot, page, opened)
    for value, best in ((10, "ants"), (20, label)):
        stream_of(sources).send(value)
        share = 0.55 if best == ("ants" if value == 10 else "bees") else 0.45
        qtbot.waitUntil(lambda best=best, share=share: page.panel.bars.top[:1] == [(best, pytest.approx(share))])
