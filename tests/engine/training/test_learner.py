import math
from dataclasses import replace

import pytest
import torch
from safetensors.torch import load, save
from torch import Tensor

from finetuner.engine.backbones.boundary import boundary_at
from finetuner.engine.errors import FinetunerError
from finetuner.engine.job import Job
from finetuner.engine.strategies import draw
from finetuner.engine.training.learner import Learner
from finetuner.engine.training.targets import Targets
from tests.engine.crowded import crowded
from tests.engine.tiny import tiny_network

CPU = torch.device("cpu")
LABELS = torch.tensor([0, 1, 2, 0, 0, 0, 0, 0])
IMAGES = torch.randint(0, 256, (8, 3, 32, 32), dtype=torch.uint8, generator=torch.Generator().manual_seed(0))


def learner(precision: str = "fp32", batch_norm: str = "frozen", **options: object) -> Learner:
    job = Job().changed(strategy="full", lr=0.01, **options)
    network = tiny_network(image_size=32)
    made = Learner(network, job.optimisation, Targets(job, LABELS, 3, CPU), CPU, precision)
    made.enter(plan(made, job).phases[0], batch_norm)
    return made


def plan(made: Learner, job: Job):  # type: ignore[no-untyped-def]
    return draw([block.name for block in made.network.blocks], job.strategy, pretrained=True)


def step(made: Learner, batch: int = 0, rate: float = 0.01) -> float:
    return made.step(IMAGES, LABELS, (rate,) * len(made.network.blocks), 0, batch)


def weights(made: Learner) -> dict[str, Tensor]:
    return {name: tensor.clone() for name, tensor in made.network.model.state_dict().items()}


def same(one: dict[str, Tensor], other: dict[str, Tensor]) -> bool:
    return all(torch.equal(one[name], other[name]) for name in one)


def test_steps_lower_the_loss() -> None:
    made = learner()
    losses = [step(made) for _ in range(6)]
    assert losses[-1] < losses[0]


def test_a_frozen_rate_moves_nothing() -> None:
    made = learner()
    before = weights(made)
    step(made, rate=0.0)
    assert same(before, weights(made))


@pytest.mark.parametrize("options", [{}, {"balance": "weights"}, {"mixup": 1.0}, {"label_smoothing": 0.0}])
@pytest.mark.parametrize("room", [1, 2, 4, 7])
def test_when_memory_runs_out_the_halves_learn_what_the_whole_would(room: int, options: dict[str, object]) -> None:
    whole, halved = learner(**options), learner(**options)
    tried = crowded(halved.network.model, room)
    assert step(halved) == pytest.approx(step(whole), rel=1e-5)
    for name, tensor in weights(halved).items():
        torch.testing.assert_close(tensor, weights(whole)[name], rtol=1e-3, atol=2e-4)
    assert halved.micro_batch == {1: 1, 2: 2, 4: 4, 7: 4}[room]
    assert tried[0] == 8


@pytest.mark.parametrize("room", [None, 1], ids=["a batch", "a piece"])
def test_of_a_single_image_batch_norm_learns_no_statistics(room: int | None) -> None:
    """In the last blocks its map is one place, whose variance is nothing."""
    made, images = learner(batch_norm="train"), 1 if room is None else 3
    if room is not None:
        made.micro_batch = room
    before, modes = weights(made), [module.training for module in made.network.model.modules()]
    assert math.isfinite(made.step(IMAGES[:images], LABELS[:images], (0.01,) * len(made.network.blocks), 0, 0))
    after = weights(made)
    assert not same(before, after)
    assert same({name: tensor for name, tensor in before.items() if "running" in name}, after)
    assert [module.training for module in made.network.model.modules()] == modes


def test_memory_runs_out_on_an_apple_gpu_as_well() -> None:
    made = learner()
    crowded(made.network.model, 4, full=RuntimeError)
    assert math.isfinite(step(made))
    assert made.micro_batch == 4


def test_looking_in_halves_sees_what_the_whole_would() -> None:
    made = learner()
    line = boundary_at(made.network, 2)
    assert line is not None
    whole, [crossed] = made.logits(IMAGES), made.crossings([line], IMAGES)
    tried = crowded(made.network.model, 3)
    torch.testing.assert_close(made.logits(IMAGES), whole, rtol=1e-4, atol=1e-4)
    torch.testing.assert_close(made.crossings([line], IMAGES)[0], crossed, rtol=1e-4, atol=1e-4)
    assert tried == [8, 4, 2, 2, 4, 2, 2] * 2
    assert made.micro_batch is None, "steps may still fit"


def test_the_smaller_size_is_kept() -> None:
    made = learner()
    tried = crowded(made.network.model, 4)
    step(made)
    tried.clear()
    step(made, batch=1)
    assert tried == [4, 4]


def test_not_even_one_image_is_a_sentence() -> None:
    made = learner()
    crowded(made.network.model, 0)
    before = weights(made)
    with pytest.raises(FinetunerError, match="Not even one image") as refusal:
        step(made)
    assert "smaller backbone" in refusal.value.next_step
    assert same(before, weights(made))


@pytest.mark.parametrize("where", ["forward", "backward"])
def test_numbers_that_overflow_change_no_weight(where: str) -> None:
    made = learner()
    before = weights(made)
    if where == "forward":
        made.network.model.register_forward_hook(lambda _module, _inputs, output: output * math.inf)
    else:
        made.network.head.weight.register_hook(lambda gradient: gradient * math.inf)
    assert math.isnan(step(made))
    assert same(before, weights(made))


@pytest.mark.parametrize("clip", [None, 1e-3])
def test_clipping_limits_the_norm_of_all_gradients(clip: float | None) -> None:
    made = learner(clip_grad=clip)
    step(made)
    gradients = [parameter.grad for parameter in made.network.model.parameters() if parameter.grad is not None]
    norm = torch.nn.utils.get_total_norm(gradients)
    assert norm > 0.1 if clip is None else norm == pytest.approx(clip, rel=1e-3)


def test_dropout_comes_from_seed_epoch_and_batch_alone() -> None:
    made = learner(dropout=0.5)
    made.network.model.drop_rate = 0.5
    first = step(made, batch=3, rate=0.0)
    torch.rand(7)
    assert step(made, batch=3, rate=0.0) == first
    assert step(made, batch=4, rate=0.0) != first


VARIANTS = {
    "adamw": {},
    "sgd": {"optimizer": "sgd"},
    "sgd-plain": {"optimizer": "sgd", "momentum": 0.0},
    "ema": {"ema": 0.9},
    "train-statistics": {"batch_norm": "train"},
}


@pytest.mark.parametrize("options", VARIANTS.values(), ids=VARIANTS)
def test_what_is_restored_goes_on_exactly(options: dict[str, object]) -> None:
    whole, resumed = learner(**options), learner(**options)
    for batch in range(2):
        step(whole, batch)
    whole.micro_batch = 4
    resumed.restore(whole.state())
    assert [step(resumed, batch) for batch in (2, 3)] == [step(whole, batch) for batch in (2, 3)]
    assert same(weights(resumed), weights(whole))
    assert resumed.state() == whole.state()


def test_a_state_is_made_of_named_files() -> None:
    assert set(learner().state()) == {"model.safetensors", "optimizer.safetensors", "learner.json"}
    assert "ema.safetensors" in learner(ema=0.9).state()


def test_the_averaged_network_is_the_one_that_is_deployed() -> None:
    made = learner(ema=0.999)
    for batch in range(3):
        step(made, batch)
    assert made.deployed.model is not made.network.model
    averaged = made.logits(IMAGES)
    assert not torch.equal(averaged, replace_ema(made).logits(IMAGES))
    made.set_head(torch.zeros(3, made.network.head.in_features), torch.tensor([1.0, 2.0, 3.0]))
    torch.testing.assert_close(made.logits(IMAGES), torch.tensor([[1.0, 2.0, 3.0]] * 8))


def replace_ema(made: Learner) -> Learner:
    plain = learner()
    plain.network = replace(plain.network, model=made.network.model)
    return plain


def test_bf16_computes_in_bf16_and_answers_in_fp32() -> None:
    made = learner("bf16")
    seen: list[torch.dtype] = []
    (head,) = made.network.head.parts
    head.register_forward_hook(lambda _module, _inputs, output: seen.append(output.dtype))
    assert math.isfinite(step(made))
    assert made.logits(IMAGES).dtype == torch.float32
    assert set(seen) == {torch.bfloat16}


def test_an_optimisers_state_of_another_network_is_refused() -> None:
    made = learner()
    step(made)
    files = made.state()
    files["optimizer.safetensors"] = save({name: torch.ones(3, 7) for name in load(files["optimizer.safetensors"])})
    with pytest.raises(ValueError, match="another network's"):
        learner().restore(files)
