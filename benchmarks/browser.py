"""Chromium without a screen: it opens a page of a folder, and the page tells what it found."""

import json
import os
import queue
import shutil
import signal
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

_NAMES = ("chromium", "chromium-browser", "google-chrome")
_FLAGS = (
    "--headless=new",
    "--no-sandbox",  # continuous integration runs as root
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-breakpad",
    "--no-first-run",
    "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
)


def chromium() -> str:
    """The browser. Raises LookupError where there is none."""
    found = next(filter(None, map(shutil.which, _NAMES)), None)
    if found is None:
        raise LookupError("Chromium")
    return found


def visit(folder: Path, profile: Path, page: str) -> dict[str, Any]:
    """Serve `folder`, open `page` of it, and return what it posts as JSON. Raises LookupError, ChildProcessError."""
    said: queue.Queue[dict[str, Any]] = queue.Queue()
    with _served(folder, said) as address, _running(chromium(), profile, f"{address}/{page}") as browser:
        while True:
            try:
                return said.get(timeout=1)
            except queue.Empty:
                if browser.poll() is not None:
                    raise ChildProcessError("Chromium ended before the page had anything to say") from None


@contextmanager
def _served(folder: Path, said: "queue.Queue[dict[str, Any]]") -> Iterator[str]:
    class Handler(SimpleHTTPRequestHandler):
        def do_POST(self) -> None:
            said.put(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Handler, directory=str(folder))) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


@contextmanager
def _running(program: str, profile: Path, address: str) -> Iterator["subprocess.Popen[bytes]"]:
    command = [program, *_FLAGS, f"--user-data-dir={profile}", address]
    with subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    ) as process:
        try:
            yield process
        finally:
            os.killpg(process.pid, signal.SIGKILL)
