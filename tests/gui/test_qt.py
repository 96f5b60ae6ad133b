"""The Qt binding itself: what once crashed it must not come back."""

import sys

import pytest
from PySide6.QtCore import QObject

from finetuner.engine.errors import FinetunerError
from finetuner.gui.app import main, refuse_broken_qt


@pytest.mark.skipif(sys.version_info >= (3, 12), reason="None is immortal from Python 3.12 on")
def test_a_void_qt_call_takes_no_reference_from_none():
    thing = QObject()
    before = sys.getrefcount(None)
    for _ in range(200):
        thing.setObjectName("x")
    assert abs(sys.getrefcount(None) - before) < 50


def test_the_version_that_does_is_refused_with_a_sentence():
    with pytest.raises(FinetunerError, match=r"PySide6 6\.12\.0 crashes under Python 3\.11"):
        refuse_broken_qt("6.12.0", (3, 11))
    refuse_broken_qt("6.12.0", (3, 12))
    refuse_broken_qt("6.11.3", (3, 11))


def test_the_sentence_reaches_the_terminal(monkeypatch, capsys):
    monkeypatch.setattr("finetuner.gui.app.PySide6.__version__", "6.12.0")
    monkeypatch.setattr("finetuner.gui.app.sys.version_info", (3, 11, 7))
    assert main() == 1
    assert "Install another version" in capsys.readouterr().err
