import hashlib
from pathlib import Path

import pytest

from finetuner.engine.backbones.download.part import Part
from finetuner.engine.backbones.download.published import Published
from finetuner.engine.backbones.download.trouble import TroubleError
from finetuner.engine.events import Event
from tests.engine.backbones.download.faults import LOGIN

CONTENT = b"weights" * 100


@pytest.fixture
def part(tmp_path: Path) -> Part:
    digest = hashlib.sha256(CONTENT).hexdigest()
    return Part(Published("net.pth", "http://hub/net.pth", digest, len(CONTENT), tmp_path / "new" / "net.pth.part"))


def digest(part: Part) -> str:
    events = part.digest("Checking")
    told: list[Event] = []
    while True:
        try:
            told.append(next(events))
        except StopIteration as ended:
            return str(ended.value)


def test_it_grows(part: Part) -> None:
    assert (part.size, part.complete) == (0, False)
    part.path.write_bytes(CONTENT)
    assert (part.size, part.complete) == (len(CONTENT), True)
    assert digest(part) == hashlib.sha256(CONTENT).hexdigest()


def test_what_never_came_has_the_hash_of_nothing(part: Part) -> None:
    assert digest(part) == hashlib.sha256().hexdigest()


@pytest.mark.parametrize(
    ("content", "kept"), [(b"", False), (CONTENT[:9], True), (CONTENT + b"x", False), (LOGIN, False)]
)
def test_only_what_can_be_built_on_is_kept(part: Part, content: bytes, kept: bool) -> None:
    part.path.write_bytes(content)
    part.tidy()
    assert part.path.exists() == kept


@pytest.mark.parametrize("page", [LOGIN, b"\n <HTML lang=en>", b"<!doctype html>"])
def test_a_web_page_is_thrown_away(part: Part, page: bytes) -> None:
    part.path.write_bytes(page)
    with pytest.raises(TroubleError, match="web page"):
        part.refuse_web_page()
    assert not part.path.exists()


def test_more_than_announced_is_refused(part: Part) -> None:
    part.path.write_bytes(CONTENT + b"x")
    with pytest.raises(TroubleError, match="more than it had announced"):
        part.refuse_excess()


def test_the_question_names_the_file(part: Part) -> None:
    told = {"question": "fetch", "url": "http://hub/net.pth", "size": len(CONTENT), "on_hub": False}
    assert part.question() == told | {"part": str(part.path)}


def test_it_gets_its_final_name(part: Part, tmp_path: Path) -> None:
    part.path.write_bytes(CONTENT)
    target = part.move_to(tmp_path / "folder" / "net.pth")
    assert target.read_bytes() == CONTENT
    assert not part.path.exists()
