"""A concept that a class is known to depend on, and some that it does not."""

from pathlib import Path

import pytest

from finetuner.engine.errors import FinetunerError
from finetuner.engine.events import ConceptScore, ConceptTested, Event, Notice, Progress
from finetuner.engine.explanations.concepts import tcav
from finetuner.engine.explanations.concepts.tcav import concept
from finetuner.engine.requests import ConceptRequest
from tests.engine.explanations.concepts.stripes import SIDE, Stripes, draw, run_of
from tests.engine.explanations.subjects import subject_of


@pytest.fixture(scope="module")
def places(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run, three concepts, random images. Read-only."""
    folder = tmp_path_factory.mktemp("concepts")
    run_of(folder)
    for seed, (name, stripes) in enumerate([("upright", "upright"), ("lying", "lying"), ("nothing", "")]):
        draw(folder / name, 30, 10 + seed, stripes)
    draw(folder / "random", 60, 20)
    return folder


@pytest.fixture(autouse=True)
def _striped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tcav, "load_best", lambda run: subject_of(Stripes().eval(), side=SIDE).trained)


def events(places: Path, name: str, **options: object) -> list[Event]:
    request = {"run": places / "run", "concept": places / name, "random": places / "random", "layer": "body"}
    return list(concept(ConceptRequest.model_validate(request | options)))


def outcome(places: Path, name: str, **options: object) -> dict[str, ConceptScore]:
    event = events(places, name, **options)[-1]
    assert isinstance(event, ConceptTested)
    return {score.label: score for score in event.scores}


def test_a_class_that_depends_on_the_concept_is_told(places: Path) -> None:
    scores = outcome(places, "upright")
    assert scores["ant"].speaks == "for"
    assert scores["ant"].score > 0.95
    assert scores["ant"].p_value < 0.01
    assert scores["ant"].sentence.startswith("upright speaks for ant: ")
    assert scores["bee"].speaks == "against"
    assert scores["bee"].score < 0.05
    assert "speaks against bee: only" in scores["bee"].sentence


@pytest.mark.parametrize("seed", range(5))
def test_a_concept_that_a_class_does_not_use_is_no_sign(places: Path, seed: int) -> None:
    for name, label in [("lying", "ant"), ("nothing", "ant"), ("nothing", "cow")]:
        score = outcome(places, name, label=label, seed=seed)[label]
        assert score.speaks == "unclear", name
        assert score.p_value > 0.05
        assert score.sentence.startswith(f"No sign that {name} matters for {label}: not to be told from random images")


def test_the_p_value_is_multiplied_by_the_number_of_classes(places: Path) -> None:
    alone, together = (outcome(places, "upright", **options)["ant"] for options in ({"label": "ant"}, {}))
    assert together.p_value == pytest.approx(3 * alone.p_value)
    assert together.score == alone.score


def test_how_well_the_layer_knows_the_concept_is_told(places: Path) -> None:
    known, unknown = (events(places, name, label="ant")[-1] for name in ("upright", "nothing"))
    assert isinstance(known, ConceptTested)
    assert isinstance(unknown, ConceptTested)
    assert known.accuracy > 0.95
    assert 0.3 < unknown.accuracy < 0.7
    assert (known.concept, known.layer, known.concept_images, known.random_images) == ("upright", "body", 30, 60)


def test_the_same_seed_gives_the_same_answer(places: Path) -> None:
    assert outcome(places, "upright", seed=3) == outcome(places, "upright", seed=3)
    assert outcome(places, "upright", seed=3) != outcome(places, "upright", seed=4)


@pytest.mark.parametrize(
    ("concept_images", "random_images", "sentence"), [(9, 60, "9 images of the concept"), (30, 19, "19 random images")]
)
def test_too_few_images_are_a_sentence(
    tmp_path: Path, places: Path, concept_images: int, random_images: int, sentence: str
) -> None:
    draw(tmp_path / "few", concept_images, 1)
    draw(tmp_path / "random", random_images, 2)
    with pytest.raises(FinetunerError, match=sentence) as caught:
        events(places, "", concept=tmp_path / "few", random=tmp_path / "random")
    assert caught.value.next_step


def test_files_that_are_no_images_do_not_count(tmp_path: Path, places: Path) -> None:
    for path in draw(tmp_path / "few", 12, 1)[:2]:
        path.write_text("no image")
    told = events(places, "", concept=tmp_path / "few")
    assert any(isinstance(event, Notice) and event.sentence.startswith("2 of 12 files") for event in told)
    (tmp_path / "few" / "002.png").write_text("no image")
    with pytest.raises(FinetunerError, match="There are 9 images of the concept"):
        events(places, "", concept=tmp_path / "few")


def test_a_class_with_hardly_any_images_is_a_sentence(tmp_path: Path, places: Path) -> None:
    run = run_of(tmp_path, of_each=3)
    with pytest.raises(FinetunerError, match="fewer than 4 images of bee"):
        events(places, "upright", run=run, label="bee")
    with pytest.raises(FinetunerError, match="fewer than 4 images of any class"):
        events(places, "upright", run=run)


def test_images_of_training_are_taken_where_there_are_no_others(tmp_path: Path, places: Path) -> None:
    assert outcome(places, "upright", run=run_of(tmp_path, split="train"))["ant"].images == 20


def test_images_that_have_gone_are_a_sentence(tmp_path: Path, places: Path) -> None:
    run = run_of(tmp_path)
    for path in (tmp_path / "data").rglob("*.png"):
        path.unlink()
    with pytest.raises(FinetunerError, match="None of the run's images can be read"):
        events(places, "upright", run=run)


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"label": "aunt"}, "no class called aunt"),
        ({"layer": "bodi"}, "Did you mean body"),
        ({"concept": Path("gone")}, "gone is no folder"),
    ],
)
def test_a_wrong_name_is_a_sentence(places: Path, options: dict[str, object], sentence: str) -> None:
    with pytest.raises(FinetunerError) as caught:
        events(places, "upright", **options)
    assert sentence in str(caught.value)


def test_it_tells_how_far_it_is_and_can_be_left(places: Path) -> None:
    told = [event for event in events(places, "upright") if isinstance(event, Progress)]
    assert [*dict.fromkeys(event.activity for event in told)] == [
        "Opening the model", "Looking at the concept", "Looking at random images", "Drawing directions",
        "Looking at ant", "Looking at bee", "Looking at cow",
    ]  # fmt: skip
    assert all(event.done <= (event.total or 0) for event in told[1:])
    model = Stripes().eval()
    steps = concept(
        ConceptRequest(run=places / "run", concept=places / "upright", random=places / "random", layer="body")
    )
    next(event for event in steps if isinstance(event, Progress) and event.activity == "Looking at ant")
    steps.close()
    assert not any(module._forward_hooks for module in model.modules())
