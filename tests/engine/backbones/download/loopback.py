"""A hub on this machine.

It serves one file as the hub does (a statement over the API, an address that redirects to a store, ranges), and the
same file as torchvision's place does. `faults` are met one by one, each by one request of its kind; then it is honest.
"""

import hashlib
import json
import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

from finetuner.engine.backbones import on_disk
from tests.engine.backbones.download.faults import FAULTS, LOGIN, Fault

COMMIT = "89abcdef0123456789abcdef0123456789abcdef"


class Loopback(ThreadingHTTPServer):
    """The server, what it serves, what it does wrong, and what it was asked (`seen`: method, path, first byte)."""

    def __init__(self, content: bytes) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.content, self.sha256 = content, hashlib.sha256(content).hexdigest()
        self.faults: deque[Fault] = deque()
        self.for_ever: Fault | None = None
        self.seen: list[tuple[str, str, int]] = []
        self.tokens: list[str | None] = []
        self.released = threading.Event()
        self.stalled = threading.Event()
        self._choosing = threading.Lock()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def next_fault(self, asking: bool) -> Fault | None:
        with self._choosing:
            if self.for_ever and self.for_ever.asking == asking:
                return self.for_ever
            due = next((fault for fault in self.faults if fault.asking == asking), None)
            if due:
                self.faults.remove(due)
            return due

    def statement(self) -> bytes:
        lfs = {"sha256": self.sha256, "size": len(self.content), "pointerSize": 134}
        file = {"rfilename": "model.safetensors", "size": len(self.content), "blobId": "0" * 40, "lfs": lfs}
        return json.dumps({"id": "timm/net", "sha": COMMIT, "siblings": [file]}).encode()


class Handler(BaseHTTPRequestHandler):
    """One request, one connection: an answer, or a fault."""

    server: Loopback

    def parse_request(self) -> bool:
        """To a proxy, whole addresses are sent; only the path is looked at."""
        understood = super().parse_request()
        self.asked = self.path if understood else ""
        self.path = urlsplit(self.asked).path
        return understood

    def do_HEAD(self) -> None:
        self._remember(0)
        if not self._led_astray() and not self._failed(asking=True):
            self.send(200, b"", length=len(self.server.content))

    def do_GET(self) -> None:
        start = int(self.headers.get("Range", "bytes=0-").removeprefix("bytes=").split("-")[0])
        self._remember(start)
        if self._led_astray():
            return
        if self.path.startswith("/api/"):
            if not self._failed(asking=True):
                self.send(200, self.server.statement(), kind="application/json")
        elif "/resolve/" in self.path:
            self.send(302, b"", location=f"/store/{self.server.sha256}")
        elif not self._failed(start):
            self.honest(start)

    def honest(self, start: int) -> None:
        if start >= len(self.server.content):
            self.send(416, b"")
        else:
            self.send(206 if start else 200, self.server.content[start:], start=start)

    def send(
        self,
        status: int,
        body: bytes,
        *,
        length: int | None = None,
        kind: str = "application/octet-stream",
        location: str = "",
        start: int = 0,
    ) -> None:
        """`length` is claimed; below 0: nothing is claimed, and the end of the connection ends the body."""
        self.send_response(status)
        claimed = len(body) if length is None else length
        headers = {"Content-Type": kind, "Location": location}
        if claimed >= 0:
            headers["Content-Length"] = str(claimed)
        if status == 206:
            headers["Content-Range"] = f"bytes {start}-{start + len(body) - 1}/{start + len(body)}"
        for name, value in headers.items():
            if value:
                self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Tests are silent."""

    def handle(self) -> None:
        """A client that went away is no surprise here."""
        try:
            super().handle()
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True

    def _led_astray(self) -> bool:
        """Answer where a wrong redirect leads."""
        if self.path == "/loop":
            self.send(302, b"", location="/loop")
        elif self.path == "/login":
            self.send(200, LOGIN, kind="text/html")
        return self.path in ("/loop", "/login")

    def _remember(self, start: int) -> None:
        self.server.seen.append((self.command, self.asked, start))
        self.server.tokens.append(self.headers.get("Authorization"))

    def _failed(self, start: int = 0, asking: bool = False) -> bool:
        fault = self.server.next_fault(asking)
        if fault:
            FAULTS[fault.kind](self, fault, start)
        return fault is not None

    def rest(self, start: int) -> tuple[int, bytes]:
        """What an honest server sends from `start` on, with the status."""
        return (206 if start else 200), self.server.content[start:]


def finished() -> list[Path]:
    """What any program would take for a downloaded file."""
    hub, vision = on_disk.hub_cache(), on_disk.torch_cache()
    found = [*hub.glob("models--*/blobs/*"), *hub.glob("models--*/snapshots/*/*"), *vision.glob("*")]
    return [path for path in found if path.suffix not in (".incomplete", ".part", ".altered")]


@contextmanager
def serving(content: bytes) -> Iterator[Loopback]:
    """The server in a thread of its own, gone afterwards with every connection."""
    server = Loopback(content)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield server
    finally:
        server.released.set()
        server.shutdown()
        thread.join()
        server.server_close()
