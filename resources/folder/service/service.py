"""The model as an HTTP service: `python service.py [--host 127.0.0.1] [--port 8000]`. Nothing but the standard library.

GET / is a page to try it, GET /openapi.json describes it, POST /predict takes the bytes of an image.
"""

import argparse
import io
import json
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "python"))

from predict import Model, pixels_of  # noqa: E402 - it lies beside, in its own folder

MAX_BYTES = 32 * 2**20
FILES = {
    "/": ("page.html", "text/html; charset=utf-8"),
    "/page.js": ("page.js", "text/javascript; charset=utf-8"),
    "/openapi.json": ("openapi.json", "application/json"),
}


class Refused(Exception):  # noqa: N818 - it is what the caller is told
    """A request that cannot be answered, and the status it gets."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status = status


class Handler(BaseHTTPRequestHandler):
    """One request."""

    model: Model
    timeout = 60

    def do_GET(self) -> None:
        """The page and the description."""
        if self.path not in FILES:
            self.tell(404, {"error": "There is nothing here. GET / says what there is."})
            return
        name, kind = FILES[self.path]
        self.send(200, (HERE / name).read_bytes(), kind)

    def do_POST(self) -> None:
        """What the model says of the image in the body."""
        try:
            self.tell(200, self.model.answer(self.pixels()))
        except Refused as refused:
            self.close_connection = True
            self.tell(refused.status, {"error": str(refused)})

    def pixels(self) -> Any:
        """The image in the body. Raises Refused."""
        if self.path != "/predict":
            raise Refused(404, "Images go to /predict.")
        try:
            length = int(self.headers.get("Content-Length", ""))
        except ValueError:
            raise Refused(411, "Say how long the image is: Content-Length.") from None
        if not 0 < length <= MAX_BYTES:
            raise Refused(413, f"An image has between 1 and {MAX_BYTES} bytes.")
        try:
            return pixels_of(io.BytesIO(self.rfile.read(length)))
        except Exception as error:
            raise Refused(400, f"This is no image that can be read: {type(error).__name__}.") from error

    def tell(self, status: int, answer: dict[str, Any]) -> None:
        """Answer with JSON."""
        self.send(status, json.dumps(answer).encode("ascii"), "application/json")

    def send(self, status: int, content: bytes, kind: str) -> None:
        """Answer. Browsers are told to run nothing but what comes from here."""
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        self.send_header("X-Content-Type-Options", "nosniff")
        self.send_header("Content-Security-Policy", "default-src 'self'; style-src 'unsafe-inline'")
        self.end_headers()
        self.wfile.write(content)


def main() -> None:
    """Serve until Ctrl+C."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--host", default="127.0.0.1", help="0.0.0.0 lets other machines in")
    parser.add_argument("--port", type=int, default=8000, help="0 takes a free one")
    arguments = parser.parse_args()
    Handler.model = Model()
    with ThreadingHTTPServer((arguments.host, arguments.port), Handler) as server:
        print(f"http://{arguments.host}:{server.server_port}/", flush=True)
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            print("Stopped.")


if __name__ == "__main__":
    main()
