"""The unfinished file. It survives a broken connection and a kill; wrong content does not survive the check."""

import hashlib
import os
import shutil
from collections.abc import Generator
from pathlib import Path
from typing import Any

from finetuner.engine.backbones.download.pace import Pace
from finetuner.engine.backbones.download.published import Published
from finetuner.engine.backbones.download.trouble import TroubleError
from finetuner.engine.backbones.integrity import hashing
from finetuner.engine.events import Event
from finetuner.engine.files import sync_file, sync_folder


class Part:
    """What has come of a published file so far."""

    def __init__(self, published: Published) -> None:
        self._published, self.path = published, published.part
        self.path.parent.mkdir(parents=True, exist_ok=True)

    @property
    def size(self) -> int:
        """Bytes so far."""
        return self.path.stat().st_size if self.path.exists() else 0

    @property
    def complete(self) -> bool:
        """Nothing is missing, as far as size tells."""
        return self.size == self._published.size

    def question(self) -> dict[str, Any]:
        """Ask for what is missing."""
        wanted = self._published
        told = {"url": wanted.url, "size": wanted.size, "on_hub": wanted.on_hub}
        return {"question": "fetch", "part": str(self.path)} | told

    def discard(self) -> None:
        """Throw it away."""
        self.path.unlink(missing_ok=True)

    def tidy(self) -> None:
        """Keep only what a try can build on."""
        if self.size == 0 or self._too_long() or self._is_web_page():
            self.discard()

    def refuse_web_page(self) -> None:
        """Throw a web page away, and raise TroubleError."""
        if self._is_web_page():
            self.discard()
            raise TroubleError("a web page came instead of it, perhaps the login page of this network", 200)

    def refuse_excess(self) -> None:
        """Raise TroubleError when more came than was announced."""
        if self._too_long():
            raise TroubleError("the server sent more than it had announced", 200)

    def require_space(self) -> None:
        """Raise TroubleError when the rest does not fit on the disk."""
        missing = (self._published.size or 0) - self.size
        free = shutil.disk_usage(self.path.parent).free
        if missing > free:
            raise TroubleError(f"{missing / 1e6:,.0f} MB are missing, and the disk has {free / 1e6:,.0f} MB left")

    def digest(self, activity: str) -> Generator[Event, None, str]:
        """The SHA-256 of what is there, telling of progress."""
        state, pace, done = hashlib.sha256(), Pace(activity, self.size), 0
        for count in hashing(self.path, state) if self.path.exists() else ():
            done += count
            yield pace.progress(done)
        return state.hexdigest()

    def move_to(self, target: Path) -> Path:
        """Give the checked content its final name, durably."""
        target.parent.mkdir(parents=True, exist_ok=True)
        sync_file(self.path)
        os.replace(self.path, target)
        sync_folder(target.parent)
        return target

    def _too_long(self) -> bool:
        return self._published.size is not None and self.size > self._published.size

    def _is_web_page(self) -> bool:
        if not self.path.exists():
            return False
        with open(self.path, "rb") as file:
            return file.read(256).lstrip().lower().startswith((b"<!doctype", b"<html"))
