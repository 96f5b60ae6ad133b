"""A hub on this machine, and everything that stands between a user and the real one.

It serves one file as the hub does (a statement over the API, an address that redirects to a store, ranges), and the
same file as torchvision's place does. `faults` are met one by one, each by one request of its kind; then it is honest.
"""

import hashlib
import json
import random
import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

from finetuner.engine.backbones import on_disk

COMMIT = "89abcdef0123456789abcdef0123456789abcdef"
LOGIN = b"<!DOCTYPE html><html><body>Please log in to this network.</body></html>"


@dataclass(frozen=True)
class Fault:
    """Met by a request for the file, or for the statement about it (`asking`). `at`: after which share of the file."""

    kind: str
    at: float = 0.5
    asking: bool = False


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


def cut(handler: Handler, fault: Fault, start: int) -> None:
    status, rest = handler.rest(start)
    handler.send(status, rest[: int(len(rest) * fault.at)], length=len(rest), start=start)


def cut_silently(handler: Handler, fault: Fault, start: int) -> None:
    status, rest = handler.rest(start)
    handler.send(status, rest[: int(len(rest) * fault.at)], length=-1, start=start)


def stall(handler: Handler, fault: Fault, start: int) -> None:
    cut(handler, fault, start)
    handler.wfile.flush()
    handler.server.stalled.set()
    handler.server.released.wait()


def claims_more(handler: Handler, fault: Fault, start: int) -> None:
    status, rest = handler.rest(start)
    handler.send(status, rest, length=len(rest) + 1000, start=start)


def claims_less(handler: Handler, fault: Fault, start: int) -> None:
    status, rest = handler.rest(start)
    handler.send(status, rest[: int(len(rest) * fault.at)], start=start)


def sends_more(handler: Handler, fault: Fault, start: int) -> None:
    status, rest = handler.rest(start)
    handler.send(status, rest + bytes(len(handler.server.content)), length=-1, start=start)


def login_page(handler: Handler, fault: Fault, start: int) -> None:
    handler.send(200, LOGIN, kind="text/html")


def login_page_of_right_size(handler: Handler, fault: Fault, start: int) -> None:
    handler.send(200, LOGIN.ljust(len(handler.server.content)), kind="text/html")


def redirect_loop(handler: Handler, fault: Fault, start: int) -> None:
    handler.send(302, b"", location="/loop")


def redirect_to_login(handler: Handler, fault: Fault, start: int) -> None:
    handler.send(302, b"", location="/login")


def ignores_range(handler: Handler, fault: Fault, start: int) -> None:
    handler.send(200, handler.server.content)


def wrong_offset(handler: Handler, fault: Fault, start: int) -> None:
    body = handler.server.content[max(start - 1000, 0) :][: len(handler.server.content) - start]
    handler.send(206, body, start=start)


def flipped_bit(handler: Handler, fault: Fault, start: int) -> None:
    status, rest = handler.rest(start)
    changed = bytearray(rest)
    changed[int((len(changed) - 1) * fault.at)] ^= 1
    handler.send(status, bytes(changed), start=start)


def refusing(status: int) -> Callable[[Handler, Fault, int], None]:
    return lambda handler, fault, start: handler.send(status, b"")


FAULTS: dict[str, Callable[[Handler, Fault, int], None]] = {
    "cut": cut,
    "cut-silently": cut_silently,
    "stall": stall,
    "claims-more": claims_more,
    "claims-less": claims_less,
    "sends-more": sends_more,
    "login-page": login_page,
    "login-page-of-right-size": login_page_of_right_size,
    "redirect-loop": redirect_loop,
    "redirect-to-login": redirect_to_login,
    "ignores-range": ignores_range,
    "wrong-offset": wrong_offset,
    "flipped-bit": flipped_bit,
    "404": refusing(404),
    "407": refusing(407),
    "416": refusing(416),
    "500": refusing(500),
    "503": refusing(503),
}
# what can go wrong with the statement as well
ASKING = ("stall", "login-page", "redirect-loop", "redirect-to-login", "404", "407", "500", "503")


def seeded(seed: int) -> list[Fault]:
    """One to four faults, the same for the same seed."""
    dice = random.Random(seed)
    chosen = [dice.choice(list(FAULTS)) for _ in range(dice.randint(1, 4))]
    return [Fault(kind, dice.random(), asking=kind in ASKING and dice.random() < 0.2) for kind in chosen]


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
