import subprocess
import sys

import pytest

from finetuner.engine.backbones import names, on_disk
from finetuner.engine.backbones.download.order import Order, ordered
from finetuner.engine.backbones.download.task import download
from finetuner.engine.backbones.download.trouble import TroubleError
from finetuner.engine.errors import FinetunerError
from finetuner.engine.events import Downloaded, Progress
from finetuner.engine.requests import DownloadRequest
from tests.engine.backbones.download.faults import Fault
from tests.engine.backbones.download.loopback import Loopback

REQUEST = DownloadRequest(backbone="resnet18.a1_in1k")
WAITING = Progress(activity="Waiting", done=0)


def test_closing_a_stalled_download_ends_its_process_and_the_next_goes_on(server: Loopback) -> None:
    server.faults.append(Fault("stall", 0.9))
    events = iter(download(REQUEST))
    while not server.stalled.is_set():
        assert isinstance(next(events), Progress)
    while not any(path.stat().st_size for path in on_disk.hub_cache().rglob("*.incomplete")):
        next(events)
    events.close()  # type: ignore[attr-defined]
    assert names.find(REQUEST.backbone).weights() is None
    *_, done = download(REQUEST)
    assert isinstance(done, Downloaded)
    assert server.seen[-1][2] > 0


def test_closing_while_the_hub_is_asked_ends_the_process(server: Loopback) -> None:
    server.faults.append(Fault("stall", asking=True))
    events = iter(download(REQUEST))
    while not server.stalled.is_set():
        next(events)
    events.close()  # type: ignore[attr-defined]


def test_a_child_ends_with_whoever_started_it(server: Loopback) -> None:
    server.faults.append(Fault("stall", asking=True))
    order = Order({"question": "hub", "repository": "timm/net", "revision": None, "names": ["model.safetensors"]})
    server.stalled.wait()
    assert order._process.stdin
    order._process.stdin.close()
    assert order._process.wait() == 1
    order.close()


def test_a_child_that_is_killed_is_trouble(server: Loopback) -> None:
    server.faults.append(Fault("stall", asking=True))

    def kill_it() -> Progress:
        if server.stalled.is_set():
            raise TroubleError("seen")
        return WAITING

    events = ordered({"question": "address", "url": f"{server.url}/models/net.pth"}, kill_it)
    with pytest.raises(TroubleError, match="seen"):
        list(events)
    order = Order({"question": "address", "url": server.url})
    order._process.kill()
    order._process.wait()
    assert "ended with status" in (order.answer(0) or {})["trouble"]
    order.close()


def test_proxies_are_respected(server: Loopback, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_ENDPOINT", "http://hub.invalid")
    monkeypatch.setenv("HTTP_PROXY", server.url)
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)
    *_, done = download(REQUEST)
    assert isinstance(done, Downloaded)
    assert server.seen[0][1].startswith("http://hub.invalid/api/models/timm/resnet18.a1_in1k")


def test_a_proxy_that_wants_a_password_says_so(server: Loopback, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_ENDPOINT", "http://hub.invalid")
    monkeypatch.setenv("HTTP_PROXY", server.url)
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)
    server.for_ever = Fault("407", asking=True)
    with pytest.raises(FinetunerError, match="answered 407") as caught:
        list(download(REQUEST))
    assert "name:password@host:port" in caught.value.next_step


def test_an_unreachable_place_is_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", "0")
    monkeypatch.setenv("HF_ENDPOINT", "http://127.0.0.1:9")
    with pytest.raises(FinetunerError, match=r"could not be downloaded: .*refused") as caught:
        list(download(REQUEST))
    assert str(on_disk.weights_dir()) in caught.value.next_step


def test_the_child_imports_no_torch() -> None:
    look = "import finetuner.engine.backbones.download.child, sys; print('torch' in sys.modules)"
    told = subprocess.run([sys.executable, "-c", look], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "False"
