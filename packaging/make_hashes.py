"""Write `resources/backbones/hashes.json`: the full SHA-256 and size of every published weight file.

    python packaging/make_hashes.py [--renew] [--search TEXT]

Run it where there is a network, when the catalogue has changed, and read the difference before it is committed: from
then on Finetuner takes these files and no others. The hub states its hashes, each for a commit, over its API.
torchvision states only the first digits, in a file's name: its files are fetched one by one, hashed, and deleted
(together about 10 GB). What is pinned already stays as it is, unless it is to be renewed; so a run that broke off can
simply be repeated.
"""

import argparse
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path

from finetuner.engine.backbones import integrity, on_disk, pins, shelf
from finetuner.engine.backbones.download import child
from finetuner.engine.backbones.download.origin import origin_of
from finetuner.engine.backbones.download.published import hub_file
from finetuner.engine.backbones.download.trouble import TroubleError
from finetuner.engine.backbones.names import search
from finetuner.engine.backbones.shelf import Entry
from finetuner.engine.files import sha256_of


def main() -> int:
    """Pin what is not pinned yet. Returns 1 when a file could not be pinned."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--renew", action="store_true", help="ask for pinned files again, too")
    parser.add_argument("--search", default="", help="only backbones that match these words")
    options = parser.parse_args()
    entries = [entry for entry in search(options.search, shelf.entries()) if entry.published]
    failures = pin(entries if options.renew else [entry for entry in entries if not is_pinned(entry)])
    print(f"{len(pins.read(pins.shipped_manifest()))} files are pinned, {failures} could not be.")
    return 1 if failures else 0


def pin(entries: Iterable[Entry]) -> int:
    """Add a line for each entry, one by one; return how many failed."""
    failures = 0
    for entry in entries:
        try:
            file_id, found = hub_pin(entry) if entry.hub else torchvision_pin(entry)
            others = {known: pin for known, pin in manifest().items() if not same_file(known, file_id)}
            pins.write(pins.shipped_manifest(), others | {file_id: found})
        except TroubleError as trouble:
            print(f"{entry.name}: {trouble}", file=sys.stderr)
            failures += 1
    return failures


def manifest() -> pins.Manifest:
    """What is pinned so far."""
    return pins.read(pins.shipped_manifest())


def is_pinned(entry: Entry) -> bool:
    """Whether the shipped manifest has a line for this entry."""
    return bool(pins.shipped_commit(entry.hub)) if entry.hub else entry.file in manifest()


def same_file(known: str, file_id: str) -> bool:
    """Whether both ids name the same file, of whatever commit: only one of them may be pinned."""
    return known.partition("@")[0] == file_id.partition("@")[0]


def hub_pin(entry: Entry) -> tuple[str, pins.Pin]:
    """What the hub states about the newest commit. Raises TroubleError."""
    names = [entry.file] if entry.file else list(on_disk.HUB_FILES)
    found = hub_file(asked({"question": "hub", "repository": entry.hub, "revision": None, "names": names}))
    return f"{entry.hub}@{found.commit}/{found.file}", pins.Pin(sha256=found.sha256, size=found.size)


def torchvision_pin(entry: Entry) -> tuple[str, pins.Pin]:
    """The hash of the file itself, which must begin as its name promises. Raises TroubleError."""
    url = origin_of(entry).question()["url"]
    with tempfile.TemporaryDirectory(prefix="finetuner-hashes-") as folder:
        part = Path(folder) / entry.file
        asked({"question": "fetch", "url": url, "part": str(part), "size": None, "on_hub": False})
        sha256, size = sha256_of(part), part.stat().st_size
    if not sha256.startswith(integrity.name_promise(entry.file)):
        raise TroubleError(f"{url} has the SHA-256 {sha256}, which is not what its name promises")
    return entry.file, pins.Pin(sha256=sha256, size=size)


def asked(question: dict[str, object]) -> dict[str, object]:
    """The answer to a question. Raises TroubleError."""
    answer = child.answer(question)
    if "trouble" in answer:
        raise TroubleError(answer["trouble"], answer["status"])
    return answer


if __name__ == "__main__":
    sys.exit(main())
