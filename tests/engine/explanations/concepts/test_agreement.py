"""Captum's TCAV, with derivatives and a linear classifier of its own, as an independent answer to the same question."""

from collections.abc import Generator
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pytest
import torch
from captum.concept import TCAV, Concept
from torch import Tensor

from finetuner.engine.explanations.concepts.activations import activations, derivatives
from finetuner.engine.explanations.concepts.directions import directions
from finetuner.engine.explanations.concepts.pictures import inputs
from finetuner.engine.explanations.concepts.significance import Draws, shares_of
from tests.engine.explanations.concepts.stripes import NAMES, SIDE, Stripes, draw
from tests.engine.explanations.subjects import subject_of

DRAWS = 20
MODEL = Stripes().eval()
PREPROCESS = subject_of(MODEL, side=SIDE).trained.deployed.preprocess
pytestmark = [
    pytest.mark.filterwarnings("ignore:Using default classifier"),
    pytest.mark.filterwarnings("ignore:Creating a tensor from a list"),
    pytest.mark.filterwarnings("ignore:numpy.core is deprecated:DeprecationWarning"),
]


class Pictures(NamedTuple):
    """Images of a concept, others, and those of each class."""

    shown: list[Path]
    others: list[Path]
    classes: list[list[Path]]


class Answers(NamedTuple):
    """Shares of each class's images whose logit rises: captum's, ours along captum's direction, ours along our own."""

    captums: list[float]
    along_captums: list[float]
    ours: list[float]
    cosine: float


@pytest.fixture(scope="module")
def answers(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Answers]:
    """For the concept that two classes depend on, one that the third does, and none at all."""
    folder = tmp_path_factory.mktemp("agreement")
    torch.manual_seed(0)  # captum divides and shuffles by the libraries' own dice
    np.random.seed(0)
    classes = [draw(folder / "data" / name, 40, seed) for seed, name in enumerate(NAMES)]
    others = draw(folder / "random", 60, 20)
    return {
        name: both(Pictures(draw(folder / name, 30, 10 + seed, stripes), others, classes), folder / f"{name}-cavs")
        for seed, (name, stripes) in enumerate([("upright", "upright"), ("lying", "lying"), ("nothing", "")])
    }


def both(pictures: Pictures, kept: Path) -> Answers:
    """Ask captum and ask ours."""
    direction, captums = captums_answer(pictures, kept)
    sides = [ended(activations(MODEL, "body", PREPROCESS, paths)) for paths in (pictures.shown, pictures.others)]
    own = ended(directions(*sides, DRAWS, seed=0)).vectors[:, :DRAWS]
    shares = [our_shares(paths, target, own, direction) for target, paths in enumerate(pictures.classes)]
    cosine = torch.cosine_similarity(own.mean(1), direction, dim=0)
    return Answers(captums, [share[-1] for share in shares], [share[:DRAWS].mean() for share in shares], float(cosine))


def captums_answer(pictures: Pictures, kept: Path) -> tuple[Tensor, list[float]]:
    """The normal of its plane towards the concept, and its share for each class."""
    sides = [Concept(number, str(number), [batch(paths)]) for number, paths in enumerate(pictures[:2])]
    test = TCAV(MODEL, ["body"], save_path=str(kept))
    found = [
        test.interpret(batch(paths), [sides], target=target)["0-1"]["body"]
        for target, paths in enumerate(pictures.classes)
    ]
    return test.cavs["0-1"]["body"].stats["weights"][0].float(), [float(each["sign_count"][0]) for each in found]


def our_shares(paths: list[Path], target: int, own: Tensor, direction: Tensor) -> Draws:
    """Along each of our directions, and last along captum's."""
    vectors = torch.cat([own, direction[:, None]], dim=1)
    return shares_of(ended(derivatives(MODEL, "body", PREPROCESS, paths, target, vectors)).numpy())


def batch(paths: list[Path]) -> Tensor:
    """All that can be read."""
    return torch.cat([image for image in inputs(PREPROCESS, paths) if image is not None])


def ended(steps: Generator[Any, None, Any]) -> Any:
    """What a generator returns."""
    while True:
        try:
            next(steps)
        except StopIteration as end:
            return end.value


@pytest.mark.parametrize("name", ["upright", "lying", "nothing"])
def test_along_captums_direction_the_share_is_captums(answers: dict[str, Answers], name: str) -> None:
    assert answers[name].along_captums == pytest.approx(answers[name].captums, abs=1e-6)
    assert any(0 < share < 1 for share in answers["nothing"].captums)


@pytest.mark.parametrize("name", ["upright", "lying", "nothing"])
def test_our_directions_point_where_captums_does(answers: dict[str, Answers], name: str) -> None:
    assert answers[name].cosine > 0.6


@pytest.mark.parametrize(("name", "label"), [("upright", "ant"), ("upright", "bee"), ("lying", "cow")])
def test_the_share_of_a_class_that_depends_on_the_concept_is_captums(
    answers: dict[str, Answers], name: str, label: str
) -> None:
    target = NAMES.index(label)
    assert answers[name].ours[target] == pytest.approx(answers[name].captums[target], abs=0.01)
