import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from finetuner.engine.errors import FinetunerError
from finetuner.engine.job import Job, Part, part_of

PARTS = {name: field.annotation for name, field in Job.model_fields.items()}
OPTIONS = [
    option
    for part in PARTS.values()
    if isinstance(part, type) and issubclass(part, Part)
    for option in part.model_fields
]

jobs = st.builds(
    Job().changed,
    data=st.none() | st.text(min_size=1).map(Path),
    weights=st.none() | st.binary(min_size=1).map(os.fsdecode).map(Path),
    epochs=st.none() | st.integers(1, 10_000),
    lr=st.none() | st.floats(1e-9, 10, exclude_min=True),
    pretrained=st.booleans(),
    mixup=st.floats(0, 4),
    strategy=st.sampled_from(["auto", "probe", "lp-ft"]),
    seed=st.integers(0, 2**31 - 1),
)


@given(jobs)
def test_a_job_survives_toml(job: Job) -> None:
    assert Job.from_toml(job.to_toml()) == job


@given(jobs)
def test_a_job_survives_its_file(tmp_path_factory: pytest.TempPathFactory, job: Job) -> None:
    file = tmp_path_factory.getbasetemp() / "job.toml"
    job.save(file)
    assert Job.load(file) == job


def test_option_names_are_unique_since_flags_are_flat() -> None:
    assert len(set(OPTIONS)) == len(OPTIONS) > 25


@pytest.mark.parametrize("option", OPTIONS)
def test_every_option_has_a_label_a_help_text_and_its_own_part(option: str) -> None:
    part = part_of(option)
    field = getattr(Job(), part).__class__.model_fields[option]
    assert field.title
    assert field.description.endswith(".")
    assert Job().get(option) == getattr(getattr(Job(), part), option)


def test_changed_leaves_the_original_alone() -> None:
    job = Job()
    assert job.changed(epochs=3, seed=7).get("epochs") == 3
    assert job == Job()


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"epochs": 0}, "epochs: Input should be greater than or equal to 1"),
        ({"strategy": "magic"}, "strategy: Input should be"),
        ({"colour": "red"}, "no option called colour"),
        ({"val_split": 0.95}, "val_split: Input should be less than 0.9"),
    ],
)
def test_what_is_out_of_limits_is_refused_in_a_sentence(options: dict[str, object], words: str) -> None:
    with pytest.raises(FinetunerError, match=words):
        Job().changed(**options)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("this is not toml", "not valid TOML"),
        ("[data]\nfolder = 3", "folder: Extra inputs"),
        ("[strategy]\nepochs = 'many'", "epochs"),
    ],
)
def test_what_is_no_job_is_refused_in_a_sentence(text: str, words: str) -> None:
    with pytest.raises(FinetunerError, match=words):
        Job.from_toml(text)


def test_a_missing_job_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(FinetunerError, match=r"absent\.toml cannot be read: No such file"):
        Job.load(tmp_path / "absent.toml")


@pytest.mark.parametrize("text", ["x = " + "[" * 100_000, "x = " + "9" * 5000, "x = \x00"])
def test_toml_beyond_reason_is_a_sentence(text: str) -> None:
    with pytest.raises(FinetunerError, match="not valid TOML"):
        Job.from_toml(text)
