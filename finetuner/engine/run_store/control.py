"""What the user asks of a run that may be trained anywhere: pause, continue, stop. A file, since all can see it."""

from pathlib import Path
from typing import Literal

from finetuner.engine.files import write_text

Wish = Literal["continue", "pause", "stop"]


class Control:
    """One word in a file; no file means *continue*."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def ask(self, wish: Wish) -> None:
        """Ask the trainer, which looks after every step."""
        write_text(self._path, wish)

    def clear(self) -> None:
        """Forget an old wish; done when a run is taken up again."""
        self._path.unlink(missing_ok=True)

    @property
    def wish(self) -> Wish:
        """The wish now in force."""
        try:
            word = self._path.read_bytes()
        except FileNotFoundError:
            return "continue"
        return "stop" if word == b"stop" else "pause" if word == b"pause" else "continue"
