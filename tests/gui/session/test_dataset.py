from finetuner.engine.events import Failed, ImagesFound, ImagesScanned, ScanEnded
from finetuner.engine.requests import ScanRequest
from tests.gui import fakes


def test_a_scan_streams_in_and_ends(qtbot, session, launcher, tmp_path):
    heard = []
    session.dataset.began.connect(lambda folder: heard.append("began"))
    session.dataset.found.connect(lambda images: heard.append(len(images)))
    with qtbot.waitSignal(session.dataset.ended):
        session.dataset.open(tmp_path / "insects")
    assert heard == ["began", 6]
    assert isinstance(session.dataset.result, ScanEnded)
    assert not session.dataset.scanning
    assert launcher.requests == [ScanRequest(data=tmp_path / "insects", val_split=0.2, headers_first=True)]


def test_headers_come_first_and_are_corrected_at_the_end(qtbot, session, launcher, tmp_path):
    images = fakes.images(tmp_path / "insects")
    launcher.answers["scan"] = (ImagesFound(images=images), *fakes.scan(tmp_path / "insects", images[1:]))
    heard, states = [], []
    session.dataset.found.connect(lambda found: heard.append(len(found)))
    session.dataset.found.connect(lambda found: states.append(session.dataset.checking))
    with qtbot.waitSignal(session.dataset.ended):
        session.dataset.open(tmp_path / "insects")
    assert heard == [6]
    assert states == [False]
    assert session.dataset.images == list(images[1:])


def test_while_files_are_checked_all_headers_are_known(qtbot, session, launcher, tmp_path):
    images = fakes.images(tmp_path / "insects")
    launcher.endless = {"scan"}
    launcher.answers["scan"] = (ImagesFound(images=images), ImagesScanned(images=images[:1]))
    session.dataset.open(tmp_path / "insects")
    qtbot.waitUntil(lambda: session.dataset.checking)
    assert len(session.dataset.images) == 6
    session.dataset.cancel()
    assert not session.dataset.checking


def test_the_draft_speaks_of_what_was_opened_last(scanned, tmp_path):
    assert scanned.job.data.data == tmp_path / "insects"
    assert scanned.settings.recent == (str(tmp_path / "insects"),)


def test_every_image_gets_a_split(scanned):
    divided = scanned.dataset.divided()
    assert [image.path for image in divided] == [image.path for image in scanned.dataset.images]
    assert {image.split for image in divided} == {"train", "val"}


def test_a_cancelled_scan_is_stopped_and_heard_no_more(qtbot, session, launcher, tmp_path):
    launcher.endless = {"scan"}
    launcher.answers["scan"] = launcher.answers["scan"][:1]
    with qtbot.waitSignal(session.dataset.found):
        session.dataset.open(tmp_path / "insects")
    with qtbot.waitSignal(session.dataset.cancelled):
        session.dataset.cancel()
    assert launcher.tasks[0].stopped.is_set()
    assert not session.dataset.scanning
    assert len(session.dataset.images) == 6


def test_only_the_newest_scan_is_heard(qtbot, session, launcher, tmp_path):
    session.dataset.open(tmp_path / "insects")
    with qtbot.waitSignal(session.dataset.ended):
        session.dataset.open(tmp_path / "insects")
    qtbot.waitUntil(lambda: not session.calls.busy)
    assert len(session.dataset.images) == 6


def test_a_scan_that_fails_is_told_of(qtbot, session, launcher, tmp_path):
    launcher.answers["scan"] = (Failed(sentence="There is no image."),)
    with qtbot.waitSignal(session.dataset.failed) as failed:
        session.dataset.open(tmp_path)
    assert failed.args[0].sentence == "There is no image."
    assert not session.dataset.scanning


def test_the_sample_is_drawn_and_opened(qtbot, session, monkeypatch, tmp_path):
    drawn = []

    def drawing(folder):
        drawn.append(folder)
        yield from ()

    monkeypatch.setattr("finetuner.engine.dataset.sample.drawing", drawing)
    with qtbot.waitSignal(session.dataset.ended):
        session.dataset.open_sample()
    assert session.dataset.folder == drawn[0]
    assert drawn[0].name == "sample"


def test_the_sample_does_not_take_the_place_of_a_folder_opened_meanwhile(qtbot, session, monkeypatch, tmp_path):
    drawn = []

    def drawing(folder):
        drawn.append(folder)
        yield from ()

    monkeypatch.setattr("finetuner.engine.dataset.sample.drawing", drawing)
    session.dataset.open_sample()
    session.dataset.open_sample()
    session.dataset.open(tmp_path / "own")
    qtbot.waitUntil(lambda: not session.calls.busy)
    assert len(drawn) == 1
    assert session.dataset.folder == tmp_path / "own"
