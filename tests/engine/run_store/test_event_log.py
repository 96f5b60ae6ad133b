import errno
import io
import json
import os
from pathlib import Path
from typing import Any

import pytest

from finetuner.engine.events import BatchEnded, EpochEnded, Event, Notice
from finetuner.engine.run_store import event_log
from finetuner.engine.run_store.event_log import EventLog

ONE, TWO, THREE = (Notice(sentence=word) for word in ("one", "two", "three"))


def epoch(number: int) -> EpochEnded:
    return EpochEnded(
        epoch=number, epochs=9, train_loss=1.0, val_loss=1.0, val_accuracy=0.5, rates=(None, 0.1),
        images_per_second=10.0, seconds=1.0, best=True,
    )  # fmt: skip


def batch(step: int) -> BatchEnded:
    return BatchEnded(
        step=step, steps=9, epoch=1, loss=1.0, rates=(0.1,), images_per_second=1.0, seconds_left=0.0, memory_mb=1.0
    )


def filled(folder: Path, *events: Event) -> EventLog:
    log = EventLog(folder / "events.jsonl")
    for step, event in enumerate(events):
        log.append(event, step, step / 2)
    return log


def told(log: EventLog) -> list[Event]:
    return [entry.event for entry in log.entries()]


def test_what_was_appended_is_read_back_with_step_and_clock(tmp_path: Path) -> None:
    log = filled(tmp_path, ONE, epoch(1))
    assert [tuple(entry) for entry in log.entries()] == [(0, 0.0, ONE), (1, 0.5, epoch(1))]


def test_each_line_is_one_ascii_document(tmp_path: Path) -> None:
    log = filled(tmp_path, Notice(sentence=os.fsdecode(b"caf\xe9\n\xe2\x80\xa8")), TWO)
    documents = [json.loads(line) for line in log.path.read_bytes().decode("ascii").splitlines()]
    assert [document["kind"] for document in documents] == ["notice", "notice"]
    assert told(log)[0] == Notice(sentence=os.fsdecode(b"caf\xe9\n\xe2\x80\xa8"))


def test_no_log_is_an_empty_log(tmp_path: Path) -> None:
    log = EventLog(tmp_path / "absent")
    log.cut(3, 1)
    assert (told(log), log.follow()) == ([], ([], 0))


@pytest.mark.parametrize(
    "torn", [b'{"at_step": 2', b'{"at_step": 2, "at_seconds": 0, "kind": "notice", "sentence": "x"}']
)
def test_a_torn_last_line_is_not_read(tmp_path: Path, torn: bytes) -> None:
    log = filled(tmp_path, ONE, TWO)
    with open(log.path, "ab") as file:
        file.write(torn)
    assert told(log) == [ONE, TWO]


@pytest.mark.parametrize(
    "line",
    [b"\x00\xff", b"[]", b"null", b'{"kind": "notice", "sentence": "no step"}', b'{"at_step": {}, "at_seconds": 0}',
     b'{"at_step": 1, "at_seconds": 0, "kind": "later-version"}', b"[" * 100_000,
     b'{"at_step": 1e999, "at_seconds": 0}'],
)  # fmt: skip
def test_a_damaged_line_is_passed_over(tmp_path: Path, line: bytes) -> None:
    log = filled(tmp_path, ONE)
    with open(log.path, "ab") as file:
        file.write(line + b"\n")
    log.append(TWO, 1, 0)
    assert told(log) == [ONE, TWO]


def test_following_gives_each_event_once(tmp_path: Path) -> None:
    log = filled(tmp_path, ONE)
    first, offset = log.follow()
    log.append(TWO, 1, 0)
    second, offset = log.follow(offset)
    assert (first, second, log.follow(offset)[0]) == ([ONE], [TWO], [])


def test_following_waits_for_the_end_of_a_line(tmp_path: Path) -> None:
    log = filled(tmp_path, ONE, TWO)
    whole = log.path.read_bytes()
    log.path.write_bytes(whole[:-10])
    first, offset = log.follow()
    log.path.write_bytes(whole)
    assert (first, log.follow(offset)[0]) == ([ONE], [TWO])


def test_cutting_forgets_later_steps_and_the_torn_line(tmp_path: Path) -> None:
    log = filled(tmp_path, ONE, TWO, THREE)
    with open(log.path, "ab") as file:
        file.write(b'{"at_step": 1')
    log.cut(step=1, epochs=0)
    assert told(log) == [ONE, TWO]
    assert log.path.read_bytes().endswith(b"}\n")


def test_cutting_forgets_an_epoch_that_no_checkpoint_holds(tmp_path: Path) -> None:
    """An epoch's end is told at the step of its last batch, before it is saved."""
    log = EventLog(tmp_path / "events.jsonl")
    for event in (batch(4), epoch(1), batch(8), epoch(2)):
        log.append(event, 8, 0)
    log.cut(step=8, epochs=1)
    assert told(log) == [batch(4), epoch(1), batch(8)]


class FullDisk(io.FileIO):
    """Takes 20 bytes and then nothing."""

    def write(self, content: Any) -> int:
        if self.tell() >= self.room:
            raise OSError(errno.ENOSPC, "No space left on device")
        return super().write(bytes(content)[: self.room - self.tell()])

    room = 0


def test_a_full_disk_leaves_no_half_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    log = filled(tmp_path, ONE)
    FullDisk.room = log.path.stat().st_size + 20
    monkeypatch.setattr("builtins.open", lambda path, mode, buffering: FullDisk(path, mode))
    with pytest.raises(OSError, match="No space"):
        log.append(TWO, 1, 0)
    monkeypatch.undo()
    log.append(THREE, 2, 0)
    assert told(log) == [ONE, THREE]


@pytest.mark.parametrize("digits", ["9" * 16, "9" * 400, "9" * 5000])
def test_a_count_beyond_all_counting_is_no_event(tmp_path: Path, digits: str) -> None:
    log = filled(tmp_path, epoch(1))
    with open(log.path, "a") as file:
        file.write(f'{{"kind": "checkpoint-saved", "path": "", "at_seconds": 1, "at_step": 1, "epoch": {digits}}}\n')
    assert told(log) == [epoch(1)]


def test_a_line_without_end_is_read_in_parts_and_loses_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(event_log, "_LONGEST_LINE", 1000)
    log = filled(tmp_path, epoch(1))
    with open(log.path, "a") as file:
        file.write("x" * 5500 + "\n")
    log.append(epoch(2), 2, 0)
    events, offset = log.follow()
    assert events == [epoch(1), epoch(2)]
    assert offset == log.path.stat().st_size
