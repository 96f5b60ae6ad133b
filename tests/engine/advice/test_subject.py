from collections import Counter
from pathlib import Path

import pytest

from finetuner.engine.advice.subject import Subject, sample, subject_of
from finetuner.engine.errors import FinetunerError
from finetuner.engine.events import ScannedImage
from finetuner.engine.job import Job
from tests.engine.tiny_job import draw_pictures


def taken(job: Job) -> Subject:
    walk = subject_of(job)
    while True:
        try:
            next(walk)
        except StopIteration as ended:
            return ended.value


def images(counts: dict[str, int]) -> list[ScannedImage]:
    return [
        ScannedImage(path=f"/{label}/{number}.png", label=label, width=9, height=9, format="PNG", content="")
        for label, count in counts.items()
        for number in range(count)
    ]


def test_only_training_images_are_looked_at(tmp_path: Path) -> None:
    data = draw_pictures(tmp_path / "photos", of_each=10)
    subject = taken(Job().changed(data=data, val_split=0.3))
    assert len(subject.files) == len(subject.labels) == len(subject.groups) == 21
    assert Counter(subject.labels.tolist()) == {0: 7, 1: 7, 2: 7}


def test_given_validation_images_are_left_alone(tmp_path: Path) -> None:
    data, val = draw_pictures(tmp_path / "photos", of_each=4), draw_pictures(tmp_path / "val", of_each=2)
    subject = taken(Job().changed(data=data, val=val))
    assert {file.parent.parent for file in subject.files} == {data}


def test_a_class_with_one_training_image_is_named(tmp_path: Path) -> None:
    data = draw_pictures(tmp_path / "photos", of_each=6)
    for file in sorted((data / "green").iterdir())[2:]:
        file.unlink()
    with pytest.raises(FinetunerError, match="The class green has a single image"):
        taken(Job().changed(data=data))


def test_a_sample_keeps_shares_order_and_seed() -> None:
    many = images({"a": 300, "b": 100, "c": 3})
    part = sample(many, 40, seed=0)
    assert Counter(image.label for image in part) == {"a": 30, "b": 10, "c": 2}
    assert part == [image for image in many if image in part]
    assert part == sample(many, 40, seed=0)
    assert part != sample(many, 40, seed=1)


def test_few_images_are_all_taken() -> None:
    few = images({"a": 5, "b": 3})
    assert sample(few, 40, seed=0) == few
