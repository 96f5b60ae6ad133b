"""Looks at the files of a data set, several at a time, in the order of their names whatever comes back first.

What the ledger knows is not looked at again. The first files are read in threads, which are there at once; when
there are many, processes go on, since threads gain little where a file takes a tenth of a millisecond.
"""

import time
from collections.abc import Generator, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from functools import partial
from typing import Literal

from finetuner.engine.dataset.candidate import Candidate
from finetuner.engine.dataset.check import Facts, Finding
from finetuner.engine.dataset.ledger import Ledger, Stamp, stamp_of
from finetuner.engine.dataset.pool import in_order
from finetuner.engine.dataset.reader_process import TASKS
from finetuner.engine.dataset.readers import Readers

MANY = 2000
"""From so many files on that nobody knows yet, processes are worth their start."""
THREAD_FILES = 4
PROCESS_FILES = 256
CHUNK_BYTES = 1 << 22
"""What is asked for at once: enough for the pipe not to matter, little enough for results to flow."""

Task = Literal["glance", "check"]
Look = tuple[Candidate, Finding]


class Inspector:
    """Leave the `with` block to end what it started."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._readers = Readers()
        self._many = False

    def __enter__(self) -> "Inspector":
        return self

    def __exit__(self, *_: object) -> None:
        self._readers.close()

    def glances(self, candidates: Iterable[Candidate]) -> Generator[Look, None, None]:
        """By their headers alone; for files that the ledger knows, all the facts."""
        return self._looks("glance", candidates)

    def checks(self, candidates: Iterable[Candidate]) -> Generator[Look, None, None]:
        """Whole files; the ledger learns from them."""
        return self._looks("check", candidates)

    def _looks(self, task: Task, candidates: Iterable[Candidate]) -> Generator[Look, None, None]:
        with closing(in_order(partial(self._settle, task), self._chunks(task, candidates))) as chunks:
            try:
                for chunk in chunks:
                    if task == "check":
                        self._learn(chunk)
                    yield from zip(chunk.candidates, chunk.findings, strict=True)
            except BaseException:
                self._readers.kill()  # or the threads would wait for answers that nobody wants any more
                raise

    def _chunks(self, task: Task, candidates: Iterable[Candidate]) -> Iterator["_Chunk"]:
        chunk, asked = _Chunk(), 0
        for candidate in candidates:
            chunk.add(candidate, self._ledger)
            if chunk.is_full(PROCESS_FILES if self._many else THREAD_FILES):
                yield chunk
                asked += len(chunk.open)
                self._many = self._many or asked >= MANY
                chunk = _Chunk()
        yield chunk

    def _settle(self, task: Task, chunk: "_Chunk") -> "_Chunk":
        """Look at what is open in it."""
        paths = [chunk.candidates[row].path for row in chunk.open]
        findings = self._readers.ask(task, paths) if self._many and paths else TASKS[task](paths)
        for row, finding in zip(chunk.open, findings, strict=True):
            chunk.findings[row] = finding
        return chunk

    def _learn(self, chunk: "_Chunk") -> None:
        for row, stamp in zip(chunk.open, chunk.stamps, strict=True):
            finding = chunk.findings[row]
            if isinstance(finding, Facts) and stamp is not None:
                self._ledger.learn(chunk.candidates[row].path, stamp, finding, chunk.begun)


@dataclass(slots=True)
class _Chunk:
    """A few files. `open`: the rows that are to be looked at, each with its stamp; the others are settled."""

    candidates: list[Candidate] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    open: list[int] = field(default_factory=list)
    stamps: list[Stamp | None] = field(default_factory=list)
    bytes: int = 0
    begun: int = field(default_factory=time.time_ns)

    def add(self, candidate: Candidate, ledger: Ledger) -> None:
        """Take a file in, with what is known of it."""
        stamp = None if candidate.reason else stamp_of(candidate.path)
        finding: Finding = candidate.reason or ledger.recall(candidate.path, stamp) or ""
        if not finding:
            self.open.append(len(self.findings))
            self.stamps.append(stamp)
            self.bytes += stamp.size if stamp else 0
        self.candidates.append(candidate)
        self.findings.append(finding)

    def is_full(self, files: int) -> bool:
        """Whether it is time to look at it. What is settled already counts little."""
        return len(self.open) >= files or len(self.findings) >= PROCESS_FILES or self.bytes >= CHUNK_BYTES
