"""torch's own capture with a backend that needs no compiler; what a real one makes of it is torch's affair."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
import torch
from torch import Tensor, nn

from finetuner.engine.errors import FinetunerError
from finetuner.engine.events import Event, Notice
from finetuner.engine.job import Job
from finetuner.engine.requests import ResumeRequest, TrainRequest
from finetuner.engine.strategies import draw
from finetuner.engine.training import compiling, setting
from finetuner.engine.training.compiling import LONG, choose_compiling
from finetuner.engine.training.learner import Learner
from finetuner.engine.training.loop import resume, train
from finetuner.engine.training.targets import Targets
from tests.engine.tiny import tiny_network
from tests.engine.tiny_job import draw_pictures, fingerprint, tiny_job

CPU, CUDA = torch.device("cpu"), torch.device("cuda")
LABELS = torch.tensor([0, 1, 2, 0])
IMAGES = torch.randint(0, 256, (4, 3, 32, 32), dtype=torch.uint8, generator=torch.Generator().manual_seed(0))


@pytest.fixture(autouse=True)
def fresh() -> Iterator[None]:
    torch.compiler.reset()
    yield
    torch.compiler.reset()


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many images each compiled pass took."""
    taken: list[int] = []

    def compiled(model: nn.Module, **options: object) -> object:
        assert options == {"dynamic": False}
        quick = real(model, backend="aot_eager", **options)
        return lambda images: taken.append(len(images)) or quick(images)

    real = torch.compile
    monkeypatch.setattr(torch, "compile", compiled)
    return taken


def learner(compiled: bool, strategy: str = "full") -> Learner:
    job = Job().changed(strategy=strategy, lr=0.01, **({"freeze_blocks": 1} if strategy == "freeze" else {}))
    network = tiny_network(image_size=32)
    made = Learner(network, job.optimisation, Targets(job, LABELS, 3, CPU), CPU, "fp32", compiled)
    plan = draw([block.name for block in network.blocks], job.strategy, pretrained=True)
    made.enter(plan.phases[0], "train")
    return made


def steps(made: Learner, count: int = 3) -> list[float]:
    return [made.step(IMAGES, LABELS, (0.01,) * len(made.network.blocks), 0, batch) for batch in range(count)]


def assert_alike(one: Learner, other: Learner) -> None:
    for name, tensor in one.network.model.state_dict().items():
        torch.testing.assert_close(tensor, other.network.model.state_dict()[name], rtol=1e-3, atol=1e-4)


def test_compiled_steps_learn_what_others_do(calls: list[int]) -> None:
    plain, quick = learner(compiled=False), learner(compiled=True)
    assert steps(quick) == pytest.approx(steps(plain), rel=1e-4)
    assert calls == [4, 4, 4]
    assert_alike(plain, quick)


def test_while_a_block_rests_nothing_is_compiled(calls: list[int]) -> None:
    made = learner(compiled=True, strategy="freeze")
    steps(made)
    assert (calls, made.compiled) == ([], True)


def refusing(model: nn.Module, **_: object) -> object:
    def fail(images: Tensor) -> Tensor:
        raise RuntimeError("no compiler after all")

    return fail


def test_where_compiling_fails_steps_go_on_as_if_it_had_not_been_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch, "compile", refusing)
    plain, tried = learner(compiled=False), learner(compiled=True)
    assert steps(tried) == steps(plain)
    assert not tried.compiled


def test_what_fails_without_it_is_no_fault_of_the_compiler(monkeypatch: pytest.MonkeyPatch) -> None:
    made = learner(compiled=False)
    monkeypatch.setattr(made.network.model, "forward", lambda images: images @ images)
    with pytest.raises(RuntimeError):
        steps(made)


def test_when_memory_runs_out_the_halves_are_compiled(monkeypatch: pytest.MonkeyPatch) -> None:
    tried: list[int] = []

    def narrow(model: nn.Module, **_: object) -> object:
        def run(images: Tensor) -> Tensor:
            tried.append(len(images))
            if len(images) > 2:
                raise torch.OutOfMemoryError("out of memory")
            return model(images)

        return run

    monkeypatch.setattr(torch, "compile", narrow)
    made = learner(compiled=True)
    steps(made, 1)
    assert (tried, made.compiled, made.micro_batch) == ([4, 2, 2], True, 2)


def chosen(wanted: str = "auto", steps: int = 1_000_000, device: torch.device = CUDA) -> bool:
    return choose_compiling(wanted, steps, 4, device, tiny_network(image_size=32), "fp32")


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """A machine on which everything is installed, and nobody must measure."""
    monkeypatch.setattr(compiling, "_missing", lambda device: "")
    monkeypatch.setattr(compiling, "Trial", lambda *_, **__: pytest.fail("measured"))
    return monkeypatch


def gpu(here: pytest.MonkeyPatch, plain: float | Exception, compiled: float | Exception, home: Path) -> list[str]:
    """Steps take so many seconds there; returns what will be timed."""
    timed: list[str] = []

    class Timed:
        def __init__(self, network: object, device: torch.device, batch_norm: str) -> None:
            self.network, self.device, self.batch_norm = tiny_network(image_size=32), CPU, batch_norm

        def seconds(self, images: int, precision: str, learns: bool, run: object) -> float:
            timed.append("compiled" if run else "plain")
            taken = compiled if run else plain
            if isinstance(taken, Exception):
                raise taken
            return taken

    here.setattr(compiling, "Trial", Timed)
    here.setenv("FINETUNER_HOME", str(home))
    return timed


def test_on_a_cpu_only_who_asks_for_it_gets_it(here: pytest.MonkeyPatch) -> None:
    assert [chosen(wanted, device=CPU) for wanted in ("auto", "on", "off")] == [False, True, False]


def test_a_run_without_such_steps_measures_nothing(here: pytest.MonkeyPatch) -> None:
    assert not chosen(steps=0)
    assert not chosen("on", steps=0)


def test_who_asks_for_it_is_told_what_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.which", lambda name: None)
    with pytest.raises(FinetunerError, match="a C compiler is not installed"):
        chosen("on", device=CPU)
    monkeypatch.setattr(compiling, "find_spec", lambda name: None)
    with pytest.raises(FinetunerError, match="Triton is not installed"):
        chosen("on")
    assert not chosen("auto")


def test_on_a_gpu_a_long_run_that_gains_is_compiled(here: pytest.MonkeyPatch, tmp_path: Path) -> None:
    timed = gpu(here, 0.2, 0.15, tmp_path)
    assert chosen()
    assert set(timed) == {"plain", "compiled"}
    timed.clear()
    assert chosen()
    assert set(timed) == {"plain"}, "the gain is known by now"


def test_a_short_run_does_not_even_try(here: pytest.MonkeyPatch, tmp_path: Path) -> None:
    timed = gpu(here, 0.2, 0.01, tmp_path)
    assert not chosen(steps=int(LONG / 0.2) - 1)
    assert set(timed) == {"plain"}


@pytest.mark.parametrize("compiled", [0.19, 0.3, RuntimeError("a fault of the compiler")])
def test_what_gains_nothing_or_fails_is_left(
    here: pytest.MonkeyPatch, tmp_path: Path, compiled: float | Exception
) -> None:
    timed = gpu(here, 0.2, compiled, tmp_path)
    assert not chosen()
    timed.clear()
    assert not chosen()
    assert "compiled" not in timed


def test_a_batch_that_is_too_large_for_a_trial_is_left_to_the_run(here: pytest.MonkeyPatch, tmp_path: Path) -> None:
    timed = gpu(here, torch.OutOfMemoryError("out of memory"), 0.1, tmp_path)
    assert not chosen()
    assert timed == ["plain"]


def stopped(events: Iterator[Event], kind: str) -> None:
    next(event for event in events if event.kind == kind)
    events.close()  # type: ignore[attr-defined]


def test_a_resumed_run_stays_compiled_and_ends_the_same(
    calls: list[int], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = draw_pictures(tmp_path / "photos", of_each=6, classes=["green", "red"])
    job = tiny_job(data, compile="on")
    told = [
        event.sentence for event in train(TrainRequest(job=job, run=tmp_path / "whole")) if isinstance(event, Notice)
    ]
    assert any("compiled" in sentence for sentence in told)
    stopped(train(TrainRequest(job=job, run=tmp_path / "run")), "checkpoint-saved")
    calls.clear()
    monkeypatch.setattr(setting, "choose_compiling", partial(pytest.fail, "asked again"))
    for _ in resume(ResumeRequest(run=tmp_path / "run")):
        continue
    assert calls
    assert fingerprint(tmp_path / "run") == fingerprint(tmp_path / "whole")


def test_the_user_is_told_when_it_failed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch, "compile", refusing)
    data = draw_pictures(tmp_path / "photos", of_each=6, classes=["green", "red"])
    events = list(train(TrainRequest(job=tiny_job(data, compile="on"), run=tmp_path / "run")))
    told = [event.sentence for event in events if isinstance(event, Notice)]
    assert sum("goes on without" in sentence for sentence in told) == 1
    assert events[-1].kind == "run-ended"
