import pytest

from finetuner.engine.dataset.names import is_ignored, readable


@pytest.mark.parametrize(
    "name", [".git", ".DS_Store", "._x.jpg", "Thumbs.db", "THUMBS.DB", "@eaDir", "__MACOSX", "desktop.ini"]
)
def test_hidden_and_system_names_are_ignored(name: str):
    assert is_ignored(name)


@pytest.mark.parametrize("name", ["ants", "a.git", "thumbs", "_private", "eaDir", "image..jpg"])
def test_ordinary_names_are_not(name: str):
    assert not is_ignored(name)


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("café 🐝 אב", "café 🐝 אב"),
        ("caf\udce9.png", r"caf\xe9.png"),
        ("a\nb", r"a\nb"),
        ("\ud800x", r"\ud800x"),
        ("a\u202egpj", r"a\u202egpj"),
    ],
)
def test_any_name_can_be_printed(name: str, shown: str):
    assert readable(name) == shown
    assert readable(name).encode()
