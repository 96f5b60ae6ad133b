"""Label, probability and time to an address that the user typed: JSON over HTTP. The image is never sent."""

import json
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from urllib.parse import SplitResult, urlsplit

from finetuner.engine.errors import FinetunerError
from finetuner.engine.prediction.actions.action import ActionsPart, Outcome, Sight

PATIENCE = 10.0
"""Seconds."""
_CHECK = "Check the address, and that something answers there."


class Post:
    """One request. An answer that leads elsewhere is not followed: only the typed address is contacted."""

    def wanted(self, options: ActionsPart) -> bool:
        """Whether its option is set."""
        return bool(options.post)

    def act(self, sight: Sight, options: ActionsPart) -> Outcome:
        """Raises FinetunerError when it is no address, nothing answers, or the answer is not 2xx."""
        address = parsed(options.post)
        told = {"label": sight.label, "probability": sight.probability, "time": sight.time.isoformat()}
        try:
            status = _sent(address, json.dumps(told).encode("ascii"))
        except (OSError, HTTPException, UnicodeError) as error:
            raise FinetunerError(f"{address.hostname} could not be told: {error}.", _CHECK) from error
        if not 200 <= status < 300:
            raise FinetunerError(f"{address.hostname} refused what it was told (HTTP {status}).", _CHECK)
        return Outcome()


def parsed(text: str) -> SplitResult:
    """The address in its parts. Raises FinetunerError when it is none."""
    try:
        parts = urlsplit(text.strip())
        fits = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        fits = False
    if not fits:
        raise FinetunerError("This is no address to send to.", "It looks like: http://192.168.1.20:8080/seen.")
    return parts


def _sent(address: SplitResult, content: bytes) -> int:
    kind = HTTPSConnection if address.scheme == "https" else HTTPConnection
    connection = kind(str(address.hostname), address.port, timeout=PATIENCE)
    try:
        path = (address.path or "/") + (f"?{address.query}" if address.query else "")
        connection.request("POST", path, content, {"Content-Type": "application/json"})
        return connection.getresponse().status
    finally:
        connection.close()
