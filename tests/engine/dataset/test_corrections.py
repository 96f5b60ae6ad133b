import csv
from pathlib import Path

import pytest

from finetuner.engine.dataset.corrections import (
    Correction,
    Corrections,
    corrections_from,
    manifest,
    place_for,
    strange,
)
from finetuner.engine.dataset.manifest import read_manifest
from finetuner.engine.errors import FinetunerError
from finetuner.engine.run_store.pinned import PinnedImage

IMAGES = [
    PinnedImage(path=f"/photos/{name}.jpg", label=label, split=split, content=name)
    for name, label, split in (("a", "ant", "train"), ("b", "bee", "train"), ("c", "bee", "val"))
]
WRONG = Corrections().changed("b", Correction(label="ant"))


def test_none_changes_nothing() -> None:
    assert Corrections().applied(IMAGES) == IMAGES


def test_a_label_is_changed_and_an_image_left_out() -> None:
    left = WRONG.changed("c", Correction(excluded=True)).applied(IMAGES)
    assert [(image.content, image.label, image.split) for image in left] == [
        ("a", "ant", "train"),
        ("b", "ant", "train"),
    ]


def test_a_change_is_a_new_value_and_can_be_taken_back() -> None:
    assert Corrections().images == {}
    assert WRONG.changed("b", Correction()) == Corrections()


def test_they_are_kept(tmp_path: Path) -> None:
    file = tmp_path / "new" / "corrections.json"
    assert Corrections.load(file) == Corrections()
    WRONG.save(file)
    assert Corrections.load(file) == WRONG


@pytest.mark.parametrize("text", ["", "{", '{"images": {"a": {"label": 3}}}', "[]"])
def test_a_damaged_file_is_told(tmp_path: Path, text: str) -> None:
    (tmp_path / "corrections.json").write_text(text)
    with pytest.raises(FinetunerError, match="cannot be read"):
        Corrections.load(tmp_path / "corrections.json")


def test_each_data_set_has_a_place_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "photos").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "photos")
    assert place_for(tmp_path / "photos") == place_for(tmp_path / "link") != place_for(tmp_path)


def test_the_manifest_is_one_that_the_program_reads(tmp_path: Path) -> None:
    file = tmp_path / "corrected.csv"
    said = WRONG.changed("c", Correction(hard=True))
    file.write_text(manifest(IMAGES, said))
    rows = list(csv.DictReader(file.read_text().splitlines()))
    assert [(row["label"], row["note"]) for row in rows] == [("ant", ""), ("ant", "was bee"), ("bee", "hard")]
    assert [(found.path, found.label, found.split) for found in read_manifest(file)] == [
        ("/photos/a.jpg", "ant", "train"),
        ("/photos/b.jpg", "ant", "train"),
        ("/photos/c.jpg", "bee", "val"),
    ]


@pytest.mark.parametrize("name", ["corrections.json", "corrections.csv"])
def test_a_file_that_was_named_and_is_not_there_is_told(tmp_path: Path, name: str) -> None:
    with pytest.raises(FinetunerError, match="no file of corrections") as refusal:
        corrections_from(tmp_path / name, IMAGES)
    assert refusal.value.next_step


def test_a_list_names_images_through_whatever_link(tmp_path: Path) -> None:
    (tmp_path / "photos").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "photos", target_is_directory=True)
    listed, seen = tmp_path / "link" / "a.jpg", tmp_path / "photos" / "a.jpg"
    for one, other in ((listed, seen), (seen, listed)):
        (tmp_path / "right.csv").write_text(f"path,label\n{one},bee\n")
        image = PinnedImage(path=str(other), label="ant", split="train", content="a")
        assert corrections_from(tmp_path / "right.csv", [image]).applied([image])[0].label == "bee"


def test_a_line_that_no_file_can_be_called_is_passed_over(tmp_path: Path) -> None:
    (tmp_path / "right.csv").write_text("path,label\n/photos/\0.jpg,bee\n/photos/a.jpg,bee\n")
    said = corrections_from(tmp_path / "right.csv", IMAGES)
    assert [image.label for image in said.applied(IMAGES)] == ["bee", "bee", "bee"]


@pytest.mark.parametrize(
    ("text", "notices"),
    [
        ("path,label\n/elsewhere/a.jpg,bee\n", 1),
        ("path,label\n", 1),
        ("path,label\n/photos/a.jpg,ant\n", 0),
        ("path,label\n/photos/a.jpg,bee\n/elsewhere/a.jpg,bee\n", 0),
    ],
)
def test_a_list_of_other_images_is_told(tmp_path: Path, text: str, notices: int) -> None:
    file = tmp_path / "right.csv"
    file.write_text(text)
    told = list(strange(file, corrections_from(file, IMAGES), IMAGES))
    assert [str(file) in notice.sentence for notice in told] == [True] * notices


def test_kept_corrections_of_other_images_are_told_unless_all_were_taken_back(tmp_path: Path) -> None:
    file = tmp_path / "corrections.json"
    for said, notices in ((Corrections().changed("z", Correction(hard=True)), 1), (Corrections(), 0), (WRONG, 0)):
        said.save(file)
        assert len(list(strange(file, corrections_from(file, IMAGES), IMAGES))) == notices
