"""Every entry of a folder, once: loops, links and closed folders included.

Hidden and system names are not seen at all. Each folder and file is known by its (device, inode) and visited
once, real names before links. A link is followed as long as it stays inside the folder that was chosen; one that
leads out is set aside, since following it would read what nobody pointed at (a manifest may name such files).
Whatever is neither entered nor handed on as a file is handed on with the reason, and the walk goes on.
"""

import os
import stat
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from finetuner.engine.dataset.names import is_ignored, readable


@dataclass(frozen=True, slots=True)
class Entry:
    """A regular file, or with `reason` something that is set aside. `path` is absolute."""

    path: str
    reason: str = ""


class Walk:
    """Iterate to get the entries of `folder`, in the order of their names, links last."""

    def __init__(self, folder: Path) -> None:
        self.folder = os.path.abspath(folder)
        self._real = os.path.realpath(folder)
        self._visited: dict[tuple[int, int], str] = {}
        self._links: deque[str] = deque()

    def __iter__(self) -> Iterator[Entry]:
        yield from self._descend(self.folder)
        while self._links:
            yield from self._follow(self._links.popleft())

    def _descend(self, top: str) -> Iterator[Entry]:
        folders = [top]
        while folders:
            folder = folders.pop()
            try:
                earlier = self._visit(folder, os.stat(folder))
                entries = [] if earlier else _visible(folder)
            except OSError as error:
                yield Entry(folder, _closed(error))
                continue
            if earlier:
                yield Entry(folder, f"another name of the folder {readable(earlier)}, which was already read")
            yield from self._sort_out(entries, folders)

    def _sort_out(self, entries: list["os.DirEntry[str]"], folders: list[str]) -> Iterator[Entry]:
        """Hand on the files, keep links for the end, put the sub-folders on the stack in order."""
        inner = []
        for entry in entries:
            if entry.is_symlink():
                self._links.append(entry.path)
            elif entry.is_dir(follow_symlinks=False):
                inner.append(entry.path)
            else:
                yield self._file(entry.path)
        folders.extend(reversed(inner))

    def _follow(self, link: str) -> Iterator[Entry]:
        target = os.path.realpath(link)
        if not os.path.exists(target):
            yield Entry(link, "a link that leads nowhere")
        elif not _inside(target, self._real):
            yield Entry(link, f"a link out of the chosen folder, to {readable(target)}: not followed")
        elif os.path.isdir(target):
            yield from self._descend(link)
        else:
            yield self._file(link)

    def _file(self, path: str) -> Entry:
        try:
            status = os.stat(path)
        except OSError as error:
            return Entry(path, _closed(error))
        if not stat.S_ISREG(status.st_mode):
            return Entry(path, "not a regular file")
        earlier = self._visit(path, status)
        return Entry(path, f"another name of {readable(earlier)}, which is already counted" if earlier else "")

    def _visit(self, path: str, status: os.stat_result) -> str:
        """Remember it; the relative name of the earlier visit, if there was one."""
        identity = (status.st_dev, status.st_ino)
        if status.st_ino == 0:  # a file system without inodes: every name is its own thing
            return ""
        first = self._visited.setdefault(identity, path)
        return "" if first is path else os.path.relpath(first, self.folder)


def _visible(folder: str) -> list["os.DirEntry[str]"]:
    with os.scandir(folder) as entries:
        return sorted((entry for entry in entries if not is_ignored(entry.name)), key=lambda entry: entry.name)


def _inside(path: str, folder: str) -> bool:
    return path == folder or path.startswith(folder.rstrip(os.sep) + os.sep)


def _closed(error: OSError) -> str:
    if isinstance(error, PermissionError):
        return "no permission to open it"
    return f"cannot be opened: {error.strerror}"
