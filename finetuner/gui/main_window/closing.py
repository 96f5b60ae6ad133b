"""What becomes of a run under way when the window closes. It is asked once."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

if TYPE_CHECKING:
    from PySide6.QtWidgets import QMessageBox, QPushButton, QWidget


class Leave(Enum):
    """The three answers."""

    BACKGROUND = "background"
    STOP = "stop"
    STAY = "stay"


def question(parent: QWidget, may_go_on: bool) -> tuple[QMessageBox, dict[QPushButton, Leave]]:
    """The question, and what each of its buttons means. `may_go_on`: training has a process of its own."""
    from PySide6.QtWidgets import QMessageBox  # a class of PySide is made when it is first named

    box = QMessageBox(parent)
    box.setWindowTitle(_tr("Training is under way"))
    box.setText(_tr("A model is being trained."))
    box.setInformativeText(
        _tr("It can go on without the window; the next start shows it again.")
        if may_go_on
        else _tr("It trains inside this window and ends with it. The next start can resume it.")
    )
    answers: dict[QPushButton, Leave] = {}
    if may_go_on:
        answers[box.addButton(_tr("Go on in the background"), QMessageBox.ButtonRole.AcceptRole)] = Leave.BACKGROUND
    answers[box.addButton(_tr("Stop and keep the best"), QMessageBox.ButtonRole.DestructiveRole)] = Leave.STOP
    stay = box.addButton(_tr("Cancel"), QMessageBox.ButtonRole.RejectRole)
    answers[stay] = Leave.STAY
    box.setDefaultButton(next(iter(answers)))
    box.setEscapeButton(stay)
    return box, answers


def ask(parent: QWidget, may_go_on: bool) -> Leave:
    """Ask, and wait for the answer."""
    box, answers = question(parent, may_go_on)
    box.exec()
    return next((leave for button, leave in answers.items() if button is box.clickedButton()), Leave.STAY)


def _tr(words: str) -> str:
    return QCoreApplication.translate("Closing", words)
