import pytest

from finetuner.engine.backbones.prefixes import without_prefix
from tests.engine.backbones.tiny import state_of

Shapes = dict[str, tuple[int, ...]]


def shapes(network: str = "test_resnet") -> Shapes:
    return {name: tuple(tensor.shape) for name, tensor in state_of(network).items()}


def named(known: Shapes, prefix: str) -> Shapes:
    return {prefix + name: shape for name, shape in known.items()}


def taken_off(known: Shapes) -> Shapes:
    return without_prefix(known, known)


@pytest.mark.parametrize("network", ["test_resnet", "test_vit", "test_convnext"])
@pytest.mark.parametrize("prefix", ["", "module.", "_orig_mod.module.model.backbone.", "nobody.knows.this."])
def test_a_known_networks_names_are_found_behind_any_words(network: str, prefix: str) -> None:
    assert taken_off(named(shapes(network), prefix)) == shapes(network)


@pytest.mark.parametrize(
    ("better", "other"),
    [("teacher.", "student."), ("module.encoder_q.", "module.encoder_k."), ("ema.", "model."), ("online.", "target.")],
)
def test_of_two_equal_networks_the_one_that_is_meant_is_taken(better: str, other: str) -> None:
    one = {name: (better, *shape) for name, shape in shapes().items()}
    two = {name: (other, *shape) for name, shape in shapes().items()}
    both = {other + name: shape for name, shape in two.items()} | {better + name: shape for name, shape in one.items()}
    known = {name: shape[1:] for name, shape in both.items()}
    assert without_prefix(both, known) == one


def test_a_head_beside_the_network_is_left_behind() -> None:
    both = named(shapes(), "backbone.") | {"projector.weight": (4, 4)}
    assert taken_off(both) == shapes()


@pytest.mark.parametrize("prefix", ["module.", "_orig_mod.module.", "model.backbone."])
def test_wrappers_words_are_taken_off_a_network_that_is_not_known(prefix: str) -> None:
    strange: Shapes = {"stem.weight": (7, 7), "body.weight": (5, 5), "tail.bias": (3,)}
    assert taken_off(named(strange, prefix)) == strange


def test_other_words_are_a_strange_networks_own() -> None:
    strange: Shapes = {"stem.a.weight": (7, 7), "stem.b.weight": (5, 5)}
    assert taken_off(strange) == strange


def test_nothing_is_no_network() -> None:
    assert taken_off({}) == {}


@pytest.mark.parametrize("name", ["module." * 100_000 + "w", "." * 500_000])
def test_a_name_without_end_is_not_followed(name: str) -> None:
    assert len(taken_off({name: (1,)})) == 1
