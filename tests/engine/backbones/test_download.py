import hashlib
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from finetuner.engine.backbones import download as room
from finetuner.engine.backbones import names, on_disk
from finetuner.engine.backbones.download import download
from finetuner.engine.backbones.shelf import Entry
from finetuner.engine.backbones.sources import torchvision_models
from finetuner.engine.errors import FinetunerError
from finetuner.engine.events import Downloaded, Event, Progress
from finetuner.engine.requests import DownloadRequest
from tests.engine.backbones.tiny import put_into_hub_cache

CONTENT = bytes(range(256)) * 1000
PROMISED = hashlib.sha256(CONTENT).hexdigest()[:8]
ENTRY = Entry(
    "torchvision/resnet18", "torchvision", "torchvision/resnet18", "resnet", 1, 224, file=f"net-{PROMISED}.pth"
)


class Server(BaseHTTPRequestHandler):
    body = CONTENT
    claimed = len(CONTENT)

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", str(self.claimed))
        self.end_headers()
        self.wfile.write(self.body)

    def log_message(self, *_: object) -> None:
        """Tests are silent."""


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[type[Server]]:
    handler = type("Handler", (Server,), {})
    listening = HTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=listening.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    url = f"http://127.0.0.1:{listening.server_port}/{ENTRY.file}"
    monkeypatch.setattr(torchvision_models, "weights_url", lambda _: url)
    monkeypatch.setattr(room, "find", lambda _: ENTRY)
    monkeypatch.setenv("HF_HUB_OFFLINE", "0")
    yield handler
    listening.shutdown()
    thread.join()
    listening.server_close()


def fetch(name: str = "resnet18") -> list[Event]:
    return list(download(DownloadRequest(backbone=name)))


def test_a_file_arrives_under_its_published_name(server: type[Server]) -> None:
    *progress, done = fetch()
    target = on_disk.torch_cache() / ENTRY.file
    assert target.read_bytes() == CONTENT
    assert done == Downloaded(backbone=ENTRY.name, path=str(target))
    assert progress[-1] == Progress(activity=f"Downloading {ENTRY.name}", done=len(CONTENT), total=len(CONTENT))


@pytest.mark.parametrize("body", [b"<html>please log in</html>", CONTENT[:-1] + b"x", CONTENT[:1000]])
def test_what_is_not_the_published_file_is_not_kept(server: type[Server], body: bytes) -> None:
    server.body, server.claimed = body, len(body)
    with pytest.raises(FinetunerError, match="not the published file"):
        fetch()
    assert not list(on_disk.torch_cache().iterdir())


def test_a_cut_connection_leaves_nothing(server: type[Server]) -> None:
    server.body = CONTENT[:5000]
    with pytest.raises(FinetunerError, match=ENTRY.name):
        fetch()
    assert not list(on_disk.torch_cache().iterdir())


def test_stopping_leaves_nothing(server: type[Server]) -> None:
    events = iter(download(DownloadRequest(backbone="resnet18")))
    next(events)
    events.close()  # type: ignore[attr-defined]
    assert not list(on_disk.torch_cache().iterdir())


def test_offline_is_said_at_once() -> None:
    with pytest.raises(FinetunerError, match="switched off by HF_HUB_OFFLINE"):
        fetch()


@pytest.mark.parametrize("name", ["resnet18", "torchvision/resnet18"])
def test_an_unreachable_place_is_a_sentence(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", "0")
    monkeypatch.setenv("HF_ENDPOINT", "http://127.0.0.1:9")
    monkeypatch.setattr(torchvision_models, "weights_url", lambda _: "http://127.0.0.1:9/net.pth")
    with pytest.raises(FinetunerError, match=r"could not be downloaded: .*refused") as caught:
        fetch(name)
    assert str(on_disk.weights_dir()) in caught.value.next_step


def test_weights_on_disk_are_not_fetched_again() -> None:
    path = put_into_hub_cache(names.find("test_resnet").hub, "test_resnet")
    assert fetch("test_resnet") == [Downloaded(backbone="test_resnet.r160_in1k", path=str(path))]


def test_unpublished_weights_cannot_be_fetched() -> None:
    with pytest.raises(FinetunerError, match="are published"):
        fetch("mobilenet_edgetpu_100")
