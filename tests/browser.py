"""Chromium without a screen, for the tests of what is exported for browsers.

`packaging/test.sh` brings Chromium and onnxruntime-web. Where they are missing a test is skipped and says so; with
FINETUNER_BROWSER=required, as `.ci/run` sets it, it fails instead.
"""

import json
import os
import queue
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

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


def onnxruntime_web() -> Path:
    """The `node_modules` with onnxruntime-web. Skips or fails the test where it is missing."""
    kit = Path(os.environ.get("FINETUNER_ONNXRUNTIME_WEB") or Path(sys.prefix) / "onnxruntime-web") / "node_modules"
    return kit if (kit / "onnxruntime-web").is_dir() else _missing("onnxruntime-web")


def visit(folder: Path, profile: Path, page: str) -> dict[str, Any]:
    """Serve `folder`, open `page` of it, and return what it posts to /said as JSON."""
    chromium = next(filter(None, map(shutil.which, _NAMES)), None) or _missing("Chromium")
    said: queue.Queue[dict[str, Any]] = queue.Queue()
    with _served(folder, said) as address, _running(str(chromium), profile, f"{address}/{page}") as browser:
        while True:
            try:
                return said.get(timeout=1)
            except queue.Empty:
                assert browser.poll() is None, "Chromium ended before the page had anything to say"


def _missing(what: str) -> Any:
    if os.environ.get("FINETUNER_BROWSER") == "required":
        pytest.fail(f"{what} is missing, and FINETUNER_BROWSER says that it must be there")
    pytest.skip(f"{what} is not installed: packaging/test.sh does it")


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
def _running(chromium: str, profile: Path, address: str) -> Iterator["subprocess.Popen[bytes]"]:
    command = [chromium, *_FLAGS, f"--user-data-dir={profile}", address]
    with subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    ) as process:
        try:
            yield process
        finally:
            os.killpg(process.pid, signal.SIGKILL)
