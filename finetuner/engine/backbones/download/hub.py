"""The Hugging Face hub, or its mirror at HF_ENDPOINT; into the cache that its own client shares with timm.

The layout is the documented one: `models--owner--name/{blobs/<sha256>, snapshots/<commit>/<file>, refs/<revision>}`.
"""

import os
from pathlib import Path
from typing import Any

from finetuner.engine.backbones import on_disk, pins
from finetuner.engine.backbones.download.order import Answer
from finetuner.engine.backbones.download.part import Part
from finetuner.engine.backbones.download.published import Published, hub_file
from finetuner.engine.backbones.download.trouble import TroubleError
from finetuner.engine.backbones.shelf import Entry
from finetuner.engine.files import write_text


class Hub:
    """An entry's repository on the hub."""

    def __init__(self, entry: Entry) -> None:
        self._repository, _, self._revision = entry.hub.partition("@")
        self._names = [entry.file] if entry.file else list(on_disk.HUB_FILES)
        self._pinned_commit = pins.shipped_commit(self._repository)
        self._folder = on_disk.hub_cache() / f"models--{self._repository.replace('/', '--')}"

    def question(self) -> dict[str, Any]:
        """Ask for the commit that the shipped manifest pins, else for the newest."""
        revision = self._pinned_commit or self._revision or None
        return {"question": "hub", "repository": self._repository, "revision": revision, "names": self._names}

    def published(self, answer: Answer) -> Published:
        """The file, with the hash that is pinned, else the one the hub states. Raises TroubleError if they differ."""
        found = hub_file(answer)
        if self._pinned_commit not in ("", found.commit):
            raise TroubleError(f"commit {self._pinned_commit} is pinned, and the hub offers {found.commit}")
        file_id = f"{self._repository}@{found.commit}/{found.file}"
        pin = pins.pinned(file_id)
        if pin is not None and pin.sha256 != found.sha256:
            raise TroubleError(f"its SHA-256 is pinned as {pin.sha256}, and the hub states {found.sha256}")
        part = self._folder / "blobs" / f"{found.sha256}.incomplete"
        return Published(file_id, found.url, found.sha256, found.size, part, on_hub=True)

    def place(self, part: Part, published: Published) -> Path:
        """Name the blob after its content, link the snapshot to it, remember the commit."""
        blob = part.move_to(part.path.with_name(published.sha256))
        commit, _, filename = published.file_id.partition("@")[2].partition("/")
        link = self._folder / "snapshots" / commit / filename
        link.parent.mkdir(parents=True, exist_ok=True)
        link.unlink(missing_ok=True)
        try:
            link.symlink_to(os.path.relpath(blob, link.parent))
        except OSError:  # Windows, without the right to make links: the client keeps the file itself there, too
            os.replace(blob, link)
        write_text(self._folder / "refs" / (self._revision or "main"), commit)
        return link
