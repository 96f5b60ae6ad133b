"""One hostile file: how it is made, and what it tries."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

Make = Callable[[Path, Path], None]
"""Writes the file at the first path; whatever it can execute creates the second, the canary."""


@dataclass(frozen=True)
class Case:
    """`kind` is what it tries: execution, bomb, archive, safetensors, tensor, truncation, disguise, place."""

    kind: str
    name: str
    suffix: str
    make: Make

    def written(self, folder: Path, canaries: Path) -> Path:
        """The file, in a folder that exists."""
        path = folder / f"{self.kind}-{self.name}{self.suffix}"
        self.make(path, self.canary(canaries))
        return path

    def canary(self, canaries: Path) -> Path:
        """What comes into being when the file is executed."""
        return canaries / f"{self.kind}-{self.name}"


def fixed(content: bytes) -> Make:
    """A file that is the same wherever it lies."""
    return lazily(lambda: content)


def lazily(content: Callable[[], bytes]) -> Make:
    """The same, made only when it is wanted."""

    def make(path: Path, _: Path) -> None:
        path.write_bytes(content())

    return make
