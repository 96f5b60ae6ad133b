import pytest

from finetuner.engine.backbones import shelf
from finetuner.engine.backbones.licences import NOTES, PERMISSIONS, permission


@pytest.mark.parametrize(
    ("licence", "allows"),
    [
        ("apache-2.0", "free"),
        ("cc-by-nc-4.0", "non-commercial"),
        ("apple-amlr", "non-commercial"),
        ("fair-noncommercial-research-license", "non-commercial"),
        ("dinov3-license", "own-terms"),
        ("", "unknown"),
        ("cc-by-nc-sa-4.0", "non-commercial"),
        ("some-new-license", "own-terms"),
    ],
)
def test_what_a_licence_allows(licence: str, allows: str) -> None:
    assert permission(licence) == allows


def test_every_licence_of_the_shelf_was_looked_at() -> None:
    assert {entry.licence for entry in shelf.entries()} <= PERMISSIONS.keys()


def test_every_permission_has_its_note() -> None:
    assert set(PERMISSIONS.values()) < NOTES.keys()
