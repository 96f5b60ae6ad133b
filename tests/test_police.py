"""The police must catch what it is there for: a guard that sees nothing looks just like a clean house."""

import socket
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QThread, QTimer
from PySide6.QtWidgets import QApplication, QWidget

from tests.police import Patrol


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.police.GRACE", 0.01)


def complaint(offence: Callable[[], Callable[[], object]]) -> str:
    """What the police says of `offence`, which returns how to tidy up after it."""
    patrol = Patrol()
    tidy_up = offence()
    try:
        with pytest.raises(pytest.fail.Exception) as caught:
            patrol.report()
    finally:
        tidy_up()
    return str(caught.value)


def test_sees_a_thread() -> None:
    def offence() -> Callable[[], object]:
        end = threading.Event()
        thread = threading.Thread(target=end.wait, name="stray")
        thread.start()
        return lambda: (end.set(), thread.join())

    assert "thread stray" in complaint(offence)


def test_sees_a_process() -> None:
    def offence() -> Callable[[], object]:
        process = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
        return lambda: process.communicate(b"\n")

    assert "process" in complaint(offence)


def test_sees_a_timer(qapp: QApplication) -> None:
    def offence() -> Callable[[], object]:
        timer = QTimer()
        timer.start(10_000)
        return timer.stop

    assert "active QTimer" in complaint(offence)


def test_sees_a_running_qthread(qapp: QApplication) -> None:
    def offence() -> Callable[[], object]:
        thread = QThread()
        thread.start()
        return lambda: (thread.quit(), thread.wait())

    assert "running QThread" in complaint(offence)


def test_sees_a_window(qapp: QApplication) -> None:
    def offence() -> Callable[[], object]:
        window = QWidget()
        window.show()
        return window.deleteLater

    assert "window" in complaint(offence)


def test_sees_a_file_outside_the_temporary_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("tests.police._playgrounds", ("/nowhere",))
    target = tmp_path / "stray.txt"

    def offence() -> Callable[[], object]:
        target.write_text("x")
        return target.unlink

    assert "stray.txt" in complaint(offence)


def test_stops_a_connection_to_another_machine() -> None:
    def offence() -> Callable[[], object]:
        with socket.socket() as out, pytest.raises(ConnectionRefusedError):
            out.connect(("192.0.2.1", 80))
        return lambda: None

    assert "192.0.2.1" in complaint(offence)


def test_allows_what_a_test_needs(tmp_path: Path) -> None:
    patrol = Patrol()
    (tmp_path / "own.txt").write_text("x")
    with socket.create_server(("127.0.0.1", 0)) as server, socket.create_connection(server.getsockname()):
        pass
    patrol.report()
