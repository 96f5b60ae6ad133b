import pytest
from hypothesis import given
from hypothesis import strategies as st

from finetuner.engine.dataset.names import is_ignored
from finetuner.engine.errors import FinetunerError
from finetuner.engine.teaching.names import LONGEST, accepted


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("  cup ", "cup"),
        ("../../etc", "-..-etc"),
        ("a/b\\c", "a-b-c"),
        ("CON", "CON-"),
        ("com1.txt", "com1.txt-"),
        ("Thumbs.db", "Thumbs.db-"),
        (".hidden", "hidden"),
        ("trailing...", "trailing"),
        ("two\nlines", "two lines"),
        ("what?", "what-"),
        ("Käse 🧀", "Käse 🧀"),
    ],
)
def test_a_name_becomes_one_that_a_folder_can_have(typed: str, name: str) -> None:
    assert accepted(typed) == name


@pytest.mark.parametrize("typed", ["", "   ", "...", "\0", "\u202e"])
def test_a_name_of_nothing_is_refused(typed: str) -> None:
    with pytest.raises(FinetunerError, match="needs a name"):
        accepted(typed)


def test_a_name_that_differs_in_capitals_alone_is_refused() -> None:
    with pytest.raises(FinetunerError, match="There is a class cup already"):
        accepted("cup", ["Cup"])


@given(st.text(max_size=200))
def test_whatever_is_typed_the_folder_stays_where_it_belongs(typed: str) -> None:
    try:
        name = accepted(typed)
    except FinetunerError:
        return
    assert accepted(name) == name
    assert 0 < len(name) <= LONGEST + 1
    assert not is_ignored(name)
    assert not set(name) & set('/\\:*?"<>|\0\n')
