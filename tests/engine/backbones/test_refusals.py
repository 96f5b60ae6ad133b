from pathlib import Path

import pytest

from finetuner.engine.backbones.refusals import LONGEST_DETAIL, REFUSALS, RefusedError, shown, told


@pytest.mark.parametrize("kind", REFUSALS)
def test_every_refusal_is_one_sentence_with_the_file_and_a_way_out(kind: str) -> None:
    error = told(Path("/somewhere/gift.pth"), RefusedError(kind, "detail"))
    assert error.sentence.startswith("gift.pth ")
    assert error.sentence.endswith(".")
    assert error.sentence.count(". ") == 0
    assert "{" not in error.sentence
    assert error.next_step


@pytest.mark.parametrize("kind", ["code", "whole-model", "torchscript"])
def test_programs_have_the_way_out_to_a_state_dict(kind: str) -> None:
    assert "state_dict()" in REFUSALS[kind].way_out


def test_what_a_file_says_is_cut_and_shown_without_control_characters() -> None:
    assert shown("\x1b[2Jevil\u202e\nsecond line") == "\\x1b[2Jevil\\u202e"
    assert len(shown("x" * 10_000_000)) == LONGEST_DETAIL + 1


def test_a_files_own_braces_are_not_filled() -> None:
    assert "{0.__class__}" in told(Path("a.pth"), RefusedError("code", "{0.__class__}")).sentence


def test_a_name_that_is_no_unicode_can_be_told() -> None:
    assert told(Path("a\udcff.pth"), RefusedError("empty")).sentence == "a\\xff.pth is empty."
