"""Each action does what it says when its option is set, and has a sentence when it cannot."""

import json
import threading
import wave
from collections.abc import Iterator
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from finetuner.engine.errors import FinetunerError
from finetuner.engine.prediction.actions import ACTIONS
from finetuner.engine.prediction.actions.act import Acted, act, action, wanted
from finetuner.engine.prediction.actions.action import ActionsPart, Sight
from finetuner.engine.prediction.actions.frame import folder_for
from finetuner.engine.prediction.actions.post import parsed
from finetuner.engine.prediction.actions.trigger import Trigger
from finetuner.engine.prediction.stream import LiveAnswer, State

SIGHT = Sight("bees", 0.97, datetime(2026, 1, 31, 15, 45, 1, 250_000), np.full((6, 8, 3), 90, np.uint8))


class Ear(BaseHTTPRequestHandler):
    heard: list[tuple[str, bytes]]
    status = 204

    def do_POST(self) -> None:
        self.heard.append((self.path, self.rfile.read(int(self.headers["Content-Length"]))))
        self.send_response(self.status)
        self.send_header("Location", "/elsewhere")
        self.end_headers()

    def log_message(self, *words: object) -> None:
        pass


@pytest.fixture
def ear() -> Iterator[type[Ear]]:
    """A server on this machine that hears what is posted."""
    kind = type("OneEar", (Ear,), {"heard": []})
    server = ThreadingHTTPServer(("127.0.0.1", 0), kind)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    kind.address = f"http://127.0.0.1:{server.server_port}/seen?by=me"  # type: ignore[attr-defined]
    yield kind
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def good(tmp_path: Path, ear: type[Ear]) -> dict[str, ActionsPart]:
    """For each action, options with which it works."""
    return {
        "sound": ActionsPart(sound=True),
        "table": ActionsPart(table=tmp_path / "seen.csv"),
        "frame": ActionsPart(frames=tmp_path / "frames"),
        "post": ActionsPart(post=ear.address),  # type: ignore[attr-defined]
    }


@pytest.fixture
def bad(tmp_path: Path) -> dict[str, ActionsPart]:
    """For each action, options with which it cannot."""
    (tmp_path / "file").write_text("in the way")
    return {
        "sound": ActionsPart(sound=True),
        "table": ActionsPart(table=tmp_path / "no folder" / "seen.csv"),
        "frame": ActionsPart(frames=tmp_path / "file"),
        "post": ActionsPart(post="ftp://example.invalid/"),
    }


@pytest.mark.parametrize("name", ACTIONS)
def test_nothing_happens_unless_it_is_wanted(name: str, good: dict[str, ActionsPart]) -> None:
    assert set(good) == set(ACTIONS)
    assert not action(name).wanted(ActionsPart())
    assert wanted(good[name]) == [name]


@pytest.mark.parametrize("name", ACTIONS)
def test_each_does_its_work_without_trouble(name: str, good: dict[str, ActionsPart]) -> None:
    (acted,) = act(SIGHT, good[name])
    assert isinstance(acted, Acted)
    assert (acted.action, acted.trouble) == (name, "")


@pytest.mark.parametrize("name", ACTIONS)
def test_each_has_a_sentence_when_it_cannot(
    name: str, bad: dict[str, ActionsPart], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FINETUNER_HOME", str(tmp_path / "file"))
    with pytest.raises(FinetunerError) as caught:
        action(name).act(SIGHT, bad[name])
    assert caught.value.sentence.endswith(".")


def test_one_that_cannot_keeps_no_other_from_its_work(tmp_path: Path) -> None:
    options = ActionsPart(table=tmp_path / "gone" / "x.csv", frames=tmp_path / "frames")
    troubles = {event.action: event.trouble for event in act(SIGHT, options)}
    assert troubles["frame"] == ""
    assert "cannot be written to" in troubles["table"]


def test_the_tone_can_be_played(good: dict[str, ActionsPart]) -> None:
    sound = action("sound").act(SIGHT, good["sound"]).sound
    with wave.open(str(sound), "rb") as file:
        assert file.getnframes() / file.getframerate() == pytest.approx(0.25, abs=0.01)


def test_lines_are_appended_below_their_names(tmp_path: Path) -> None:
    options = ActionsPart(table=tmp_path / "seen.csv")
    for _ in range(2):
        list(act(SIGHT, options))
    line = "2026-01-31T15:45:01.250,bees,0.9700"
    assert (tmp_path / "seen.csv").read_text("utf-8").splitlines() == ["time,label,probability", line, line]


def test_the_frame_is_saved_below_its_label(tmp_path: Path) -> None:
    list(act(SIGHT, ActionsPart(frames=tmp_path)))
    with Image.open(tmp_path / "bees" / "20260131-154501-250.png") as picture:
        assert (np.asarray(picture) == SIGHT.pixels).all()


@pytest.mark.parametrize("label", ["..", ".", "", "../../etc", "a/b", "c:\\x", "con. "])
def test_no_label_leads_out_of_the_folder(label: str, tmp_path: Path) -> None:
    folder = tmp_path / folder_for(label)
    assert folder.resolve().parent == tmp_path.resolve()
    assert not set(folder_for(label)) & set('/\\:"')


def test_the_image_is_never_sent(ear: type[Ear], good: dict[str, ActionsPart]) -> None:
    list(act(SIGHT, good["post"]))
    ((path, content),) = ear.heard
    assert path == "/seen?by=me"
    assert json.loads(content) == {"label": "bees", "probability": 0.97, "time": "2026-01-31T15:45:01.250000"}


@pytest.mark.parametrize("status", [302, 307, 404, 500])
def test_what_is_refused_or_leads_elsewhere_is_told_and_not_followed(
    ear: type[Ear], good: dict[str, ActionsPart], status: int
) -> None:
    ear.status = status
    (acted,) = act(SIGHT, good["post"])
    assert f"HTTP {status}" in acted.trouble
    assert len(ear.heard) == 1


def test_where_nobody_answers_is_a_sentence(ear: type[Ear]) -> None:
    with ThreadingHTTPServer(("127.0.0.1", 0), Ear) as closed:
        port = closed.server_port
    (acted,) = act(SIGHT, ActionsPart(post=f"http://127.0.0.1:{port}/"))
    assert acted.trouble.startswith("127.0.0.1 could not be told")


@pytest.mark.parametrize("text", ["seen", "http://", "file:///etc/passwd", "http://host:99999999/", "http://[::1/"])
def test_what_is_no_address_is_refused(text: str) -> None:
    with pytest.raises(FinetunerError, match="no address"):
        parsed(text)


class Clock:
    """Time that a test moves."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


def answer(label: str, probability: float, state: State = "answered") -> LiveAnswer:
    return LiveAnswer(((label, probability),), 30.0, 5.0, 0, 0.0, state)


@pytest.mark.parametrize(
    ("options", "shown", "fires"),
    [
        (ActionsPart(), answer("bees", 0.95), True),
        (ActionsPart(), answer("bees", 0.85), False),
        (ActionsPart(when_label="bees"), answer("ants", 0.95), False),
        (ActionsPart(when_label="bees"), answer("bees", 0.95), True),
        (ActionsPart(), answer("bees", 0.95, "unsure"), False),
        (ActionsPart(), answer("bees", 0.95, "unknown"), False),
    ],
)
def test_what_is_wanted_counts(options: ActionsPart, shown: LiveAnswer, fires: bool) -> None:
    assert Trigger(options).fires(shown) is fires


def test_it_happens_at_most_so_often() -> None:
    clock = Clock()
    trigger, fired = Trigger(ActionsPart(every=2.0), clock), []
    for tenth in range(50):
        clock.now = tenth / 10
        fired += [tenth] if trigger.fires(answer("bees", 0.95)) else []
    assert fired == [0, 20, 40]
