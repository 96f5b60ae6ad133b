import pytest
import torch

from finetuner.engine.backbones.deployed import load_best
from finetuner.engine.backbones.unknown import METHOD, MOST_KNOWN, Strangeness, chosen, copy_unknown, with_unknown
from finetuner.engine.errors import FinetunerError
from finetuner.engine.run_store.unknown import keep
from tests.engine.tiny import tiny_run


def score(known, asked):
    """Energy and distance of each, in their own units."""
    return Strangeness.among(known, known, torch.zeros(len(known), 2)).parts(asked, torch.zeros(len(asked), 2))


def test_one_part_is_the_distance_to_the_fifth_nearest():
    torch.manual_seed(0)
    known, asked = torch.randn(40, 8), torch.randn(7, 8)
    cosines = torch.nn.functional.cosine_similarity(asked[:, None], known[None], dim=2)
    torch.testing.assert_close(score(known, asked)[:, 1], 1 - cosines.sort(dim=1, descending=True).values[:, 4])


def test_the_other_is_the_energy_of_the_logits():
    torch.manual_seed(0)
    logits, features = torch.randn(6, 4), torch.randn(6, 8)
    found = Strangeness.among(features, features, logits).parts(features, logits)
    torch.testing.assert_close(found[:, 0], -logits.exp().sum(1).log())


def test_both_count_in_deviations_of_known_images():
    torch.manual_seed(0)
    known, held_out, logits = torch.randn(40, 8), torch.randn(30, 8), 5 * torch.randn(30, 3)
    made = Strangeness.among(known, held_out, logits)
    parts = made.parts(held_out, logits)
    told = ((parts - parts.mean(0)) / parts.std(0, correction=0)).sum(1)
    torch.testing.assert_close(made(held_out, logits), told)
    assert made(held_out, logits).mean() == pytest.approx(0, abs=1e-5)


def test_length_does_not_matter_and_direction_does():
    known = torch.tensor([[1.0, 0.0]]).repeat(9, 1)
    near, far = score(known, torch.tensor([[100.0, 1.0], [0.0, 0.01]]))[:, 1]
    assert near < 0.001
    assert far == pytest.approx(1)


def test_fewer_images_than_neighbours_will_do():
    assert score(torch.eye(2), torch.tensor([[1.0, 0.0]]))[:, 1].tolist() == [1.0]


def test_a_single_held_out_image_will_do():
    made = Strangeness.among(torch.eye(3), torch.ones(1, 3), torch.zeros(1, 2))
    assert made(torch.ones(1, 3), torch.zeros(1, 2)).tolist() == [0.0]


def test_no_class_is_left_without_an_image():
    labels = [0] * 5000 + [1] * 3
    places = chosen(labels, 0)
    assert len(places) == MOST_KNOWN
    assert {5000, 5001, 5002} <= set(places)
    assert chosen(labels, 0) == places
    assert chosen([0, 1, 0], 0) == [0, 1, 2]


def among(width):
    return Strangeness.among(torch.randn(20, width), torch.randn(9, width), torch.randn(9, 3))


@pytest.fixture
def run(tmp_path):
    made = tiny_run(tmp_path)
    width = load_best(made).network.head.in_features
    keep(made, METHOD, [0.1, 0.2, 0.3], among(width).saved())
    return made


def test_the_deployed_model_gives_the_score_beside_the_same_answers(run):
    images = torch.randint(0, 256, (2, 40, 50, 3), dtype=torch.uint8)
    plain, knowing = load_best(run), with_unknown(load_best(run), run)
    with torch.no_grad():
        shares, logits, score = knowing.deployed(images)
        for one, other in zip((shares, logits), plain.deployed(images), strict=True):
            assert torch.equal(one, other)
        features = knowing.network.features(knowing.deployed.preprocess(images))
        torch.testing.assert_close(score, knowing.deployed.unknown(features, logits))
    assert score.shape == (2,)


def test_a_model_that_knows_nothing_of_it_stays_as_it_was(tmp_path):
    trained = load_best(tiny_run(tmp_path))
    assert with_unknown(trained, tmp_path / "run") is trained


def test_a_copy_says_the_same(run, tmp_path):
    trained = with_unknown(load_best(run), run)
    copy_unknown(trained, tmp_path / "copy")
    again = with_unknown(load_best(run), tmp_path / "copy")
    assert again.unknown == trained.unknown
    images = torch.randint(0, 256, (1, 40, 50, 3), dtype=torch.uint8)
    with torch.no_grad():
        assert torch.equal(again.deployed(images)[2], trained.deployed(images)[2])


def test_another_networks_numbers_are_refused(run):
    keep(run, METHOD, [0.1], among(3).saved())
    with pytest.raises(FinetunerError, match="damaged"):
        with_unknown(load_best(run), run)
