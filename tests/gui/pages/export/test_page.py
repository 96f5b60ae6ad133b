from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from finetuner.engine.events import Certificate, Event, Exported, Failed, FileFigures, Progress
from finetuner.engine.exporters import EXPORTERS, Entry
from finetuner.engine.requests import ExportRequest
from finetuner.gui.pages.export import ExportPage
from finetuner.gui.session import Session
from tests.gui.pages.answering import AnsweringLauncher
from tests.gui.pages.finished_run import finished_run

Idle = Callable[[], None]


def exported(request: ExportRequest, **found: object) -> Iterator[Event]:
    yield Progress(activity="Comparing with the app", done=1, total=2)
    request.out.write_bytes(b"a model")
    certificate = Certificate(
        images=153, agreement=1.0, largest_difference=1.8e-6, tolerance=1e-3, passed=True,
        created="2026-11-21T09:30:00", versions={"torch": "2.15.0"}, format=request.format,
    ).model_copy(update=found)  # fmt: skip
    yield Exported(
        run=str(request.run), path=str(request.out), format=request.format, size_mb=8.94, milliseconds=4.21,
        certificate=certificate,
    )  # fmt: skip


def refused(request: ExportRequest) -> Iterator[Event]:
    yield Failed(sentence="The disk is full.", next_step="Choose another place.")


@pytest.fixture
def launcher() -> AnsweringLauncher:
    return AnsweringLauncher(export=exported)


@pytest.fixture
def run(tmp_path: Path) -> Path:
    return finished_run(tmp_path)


@pytest.fixture
def page(qtbot: QtBot, session: Session, run: Path) -> Iterator[ExportPage]:
    session.set_run(run)
    made = ExportPage(session)
    qtbot.addWidget(made)
    made.show()
    yield made
    session.calls.close()


def test_without_a_run_there_is_nothing_to_export(qtbot: QtBot, session: Session) -> None:
    page = ExportPage(session)
    qtbot.addWidget(page)
    page.show()
    assert not page._export.isVisible()


def test_the_menu_is_the_dict_of_formats(page: ExportPage) -> None:
    assert list(page.form.choices) == list(EXPORTERS)


def test_the_file_is_suggested_next_to_the_run(page: ExportPage, run: Path) -> None:
    assert page.form.request().out == run.parent / "leaves-probe.onnx"
    page.form.choices["safetensors"].click()
    assert page.form.request().out == run.parent / "leaves-probe-safetensors"


def test_a_taken_name_is_not_suggested(page: ExportPage, run: Path) -> None:
    (run.parent / "leaves-probe.onnx").touch()
    page.form.show_run(run)
    assert page.form.request().out.name == "leaves-probe-2.onnx"


def test_the_form_is_what_is_asked_for(
    page: ExportPage, idle: Idle, launcher: AnsweringLauncher, run: Path, tmp_path: Path
) -> None:
    page.form.place.setText(str(tmp_path / "mine.onnx"))
    page.form.author.setText(" Ada ")
    page._export.click()
    idle()
    assert launcher.asked == [ExportRequest(run=run, format="onnx", out=tmp_path / "mine.onnx", author="Ada")]


def test_a_format_that_lacks_something_is_grey_and_says_what(
    qtbot: QtBot, session: Session, run: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(EXPORTERS, "foreign", Entry("finetuner.engine.exporters.onnx:Onnx", ("no_such_package",)))
    session.set_run(run)
    page = ExportPage(session)
    qtbot.addWidget(page)
    page.show()
    choice = page.form.choices["foreign"]
    assert not choice.isEnabled()
    assert choice.toolTip() == "The package no_such_package is not installed. Install it: pip install no_such_package"
    assert choice.accessibleDescription() == choice.toolTip(), "nothing else is known of it"
    assert any(label.text() == choice.toolTip() and label.isVisible() for label in page.form.findChildren(QLabel))
    choice.click()
    assert page.form.format == "onnx"
    assert page.form.choices["onnx"].isEnabled()


def test_a_sentence_stands_below_the_chosen_format_alone(page: ExportPage) -> None:
    assert shown(page) & sentences(page) == {page.form.choices["onnx"].toolTip()}
    page.form.choices["safetensors"].click()
    assert shown(page) & sentences(page) == {page.form.choices["safetensors"].toolTip()}


def shown(page: ExportPage) -> set[str]:
    return {label.text() for label in page.form.findChildren(QLabel) if label.isVisible()}


def sentences(page: ExportPage) -> set[str]:
    return {choice.toolTip() for choice in page.form.choices.values()}


def test_photos_can_be_kept_out_of_a_folder_that_would_show_them(page: ExportPage) -> None:
    assert not page.form.samples.isVisible()
    page.form.choices["folder"].click()
    assert page.form.samples.isVisible()
    assert page.form.request().samples
    page.form.samples.click()
    assert not page.form.request().samples
    page.form.choices["onnx"].click()
    assert not page.form.samples.isVisible()


def test_the_certificate_is_shown_as_it_is(page: ExportPage, idle: Idle) -> None:
    page.export()
    idle()
    tiles = page.certificate.tiles
    assert page.certificate.title.text() == "Verified"
    assert tiles["images"].value == "153"
    assert tiles["agreement"].value == "100 %"
    assert tiles["difference"].value == "1.8 × 10⁻⁶"
    assert "0.001" in tiles["difference"].note
    assert (tiles["size"].value, tiles["speed"].value) == ("8.9 MB", "4.2 ms")


@pytest.mark.parametrize(("labelled", "note"), [(153, "not seen in training"), (0, "")])
def test_only_photos_of_the_user_are_called_unseen(
    page: ExportPage, idle: Idle, launcher: AnsweringLauncher, labelled: int, note: str
) -> None:
    """Drawn images, where the photos are gone, have no label."""
    launcher.answers["export"] = partial(exported, labelled=labelled, note="Largest difference in a logit: 1e-6.")
    page.export()
    idle()
    assert page.certificate.tiles["images"].note == note


def test_a_smaller_file_is_shown_beside_the_full_one(page: ExportPage, idle: Idle, launcher: AnsweringLauncher) -> None:
    figures = (
        FileFigures(format="onnx", size_mb=8.9, milliseconds=9.51, agreement=1.0, accuracy=0.948),
        FileFigures(format="onnx-int8", size_mb=2.63, milliseconds=5.6, agreement=0.9869, accuracy=None),
    )

    def smaller(request: ExportRequest) -> Iterator[Event]:
        for event in exported(request, tolerance=1.0):
            yield event.model_copy(update={"figures": figures}) if isinstance(event, Exported) else event

    launcher.answers["export"] = smaller
    page.export()
    idle()
    assert page.certificate.comparison.isVisible()
    assert page.certificate.comparison.texts[1:] == [
        ["ONNX", "8.9 MB", "9.5 ms", "100 %", "94.8%"],
        ["ONNX, 8 bits", "2.6 MB", "5.6 ms", "98.69 %", "–"],
    ]
    assert "accuracy decides" in page.certificate.tiles["difference"].note
    launcher.answers["export"] = exported
    page.export()
    idle()
    assert not page.certificate.comparison.isVisible()


def test_a_file_that_disagrees_is_not_called_verified(
    page: ExportPage, idle: Idle, launcher: AnsweringLauncher
) -> None:
    launcher.answers["export"] = lambda request: exported(request, passed=False, agreement=0.9)
    page.export()
    idle()
    assert page.certificate.title.text() == "Not verified"
    assert "90%" in page.certificate.sentence.text()


def test_the_file_is_shown_in_its_folder(
    page: ExportPage, idle: Idle, run: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[QUrl] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", opened.append)
    page.export()
    idle()
    page._show_folder.click()
    assert [Path(url.toLocalFile()) for url in opened] == [run.parent]


def test_the_program_can_be_copied(page: ExportPage, idle: Idle) -> None:
    page.export()
    idle()
    page.sample.copy.click()
    assert 'InferenceSession("leaves-probe.onnx")' in QGuiApplication.clipboard().text()
    assert page.sample.copy.text() == "Copied"
    page.sample.hide()


def test_while_it_works_it_can_be_cancelled_and_not_changed(
    qtbot: QtBot, page: ExportPage, idle: Idle, launcher: AnsweringLauncher
) -> None:
    launcher.hold()
    page.export()
    assert not page.form.isEnabled()
    assert not page._export.isEnabled()
    qtbot.waitUntil(lambda: bool(launcher.tasks))
    page._cancel.click()
    idle()
    assert launcher.tasks[0].stopped.is_set()
    assert page.form.isEnabled()
    assert page.written is None


def test_a_failure_is_a_sentence_and_takes_the_old_certificate_away(
    page: ExportPage, idle: Idle, launcher: AnsweringLauncher
) -> None:
    page.export()
    idle()
    launcher.answers["export"] = refused
    page.export()
    idle()
    assert page.notice.text == "The disk is full. Choose another place."
    assert page.certificate.tiles["images"].value == "–"
    assert not page._show_folder.isVisible()


def test_a_file_that_is_there_is_pointed_out(page: ExportPage, run: Path) -> None:
    (run.parent / "old.onnx").touch()
    page.form.place.setText(str(run.parent / "old.onnx"))
    assert page.form._hint.isVisible()


def test_another_run_starts_afresh(page: ExportPage, session: Session, idle: Idle, tmp_path: Path) -> None:
    page.export()
    idle()
    session.set_run(finished_run(tmp_path / "other"))
    assert page.written is None
    assert page.form.request().out.parent == tmp_path / "other"


def test_in_a_low_window_the_form_scrolls_and_no_sentence_is_cut(page: ExportPage, qtbot: QtBot) -> None:
    page.resize(1100, 420)
    qtbot.waitUntil(lambda: page.form.height() > 420)
    told = [label for label in page.form.findChildren(QLabel) if label.isVisible() and label.wordWrap()]
    assert told
    assert all(label.height() >= label.heightForWidth(label.width()) for label in told)
