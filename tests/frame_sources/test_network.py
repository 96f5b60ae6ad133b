import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from finetuner.engine.errors import FinetunerError
from finetuner.frame_sources import network
from finetuner.frame_sources.network import NetworkStream, checked, shown
from finetuner.frame_sources.source import kind_of, open_source


class Silent(SimpleHTTPRequestHandler):
    def log_message(self, *words: object) -> None:
        pass


@pytest.fixture
def server(clip: Path) -> Iterator[str]:
    """The clip's folder, on this machine only."""
    made = ThreadingHTTPServer(("127.0.0.1", 0), partial(Silent, directory=str(clip.parent)))
    thread = threading.Thread(target=made.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{made.server_port}"
    made.shutdown()
    made.server_close()
    thread.join()


def test_a_stream_from_an_address_gives_frames(server: str, clip: Path, qapp: object) -> None:
    with open_source(f"{server}/{clip.name}") as frames:
        frame = next(frames)
    assert frame.pixels.shape == (64, 96, 3)
    assert frame.name.startswith(f"{server}/clip.mjpeg")


def test_an_address_where_nothing_answers_is_a_sentence(server: str, qapp: object) -> None:
    with (
        pytest.raises(FinetunerError, match=r"The stream http://127\.0\.0\.1:\d+/gone cannot be shown"),
        open_source(f"{server}/gone") as frames,
    ):
        next(frames)


def test_a_camera_that_stays_silent_is_noticed(qtbot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(network, "PATIENCE_MS", 1)
    troubles: list[str] = []
    stream = NetworkStream("http://127.0.0.1:9/never")
    stream.failed.connect(lambda error: troubles.append(str(error)))
    monkeypatch.setattr(stream._player, "play", lambda: None)
    stream.start()
    qtbot.waitUntil(lambda: bool(troubles))
    assert "cannot be shown" in troubles[0]
    stream.deleteLater()


@pytest.mark.parametrize("text", ["rtsp://cam/1", "RTSP://cam/1", "https://cam/live.m3u8", "rtmp://cam/x"])
def test_an_address_is_told_from_its_beginning(text: str) -> None:
    assert kind_of(text) == "network"


@pytest.mark.parametrize("text", ["rtsp://", "file:///etc/passwd", "concat:a|b", "http:///x", "not an address"])
def test_what_is_no_address_is_a_sentence(text: str) -> None:
    with pytest.raises(FinetunerError, match="no address of a stream"):
        checked(text)


def test_passwords_and_keys_are_not_told() -> None:
    assert shown("rtsp://anna:secret@cam.local:554/1?key=abc") == "rtsp://cam.local:554/1"
