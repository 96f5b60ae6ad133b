"""What every network of the shelf must do. Each check raises when it does not, and returns what the table shows."""

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from itertools import pairwise
from pathlib import Path

import numpy as np
import timm
import torch

from benchmarks.family_cases import PICTURES, Pixels, images, picture
from finetuner.engine.backbones.deployed import Trained, load_folder, save_best
from finetuner.engine.backbones.network import Network
from finetuner.engine.explanations.attribution.grad_cam import GradCam
from finetuner.engine.explanations.target import target_layer
from finetuner.engine.exporters.app_model import app_model
from finetuner.engine.exporters.exporter import Model
from finetuner.engine.exporters.layers import OnnxLayers, TorchLayers
from finetuner.engine.exporters.onnx import Onnx
from finetuner.engine.exporters.parting import NOISE, relative_difference
from finetuner.engine.exporters.verify import Agreement
from finetuner.engine.job import Job
from finetuner.engine.prediction.onnx_guard import checked
from finetuner.engine.strategies import STRATEGIES, draw
from finetuner.engine.strategies.plan import Plan
from finetuner.engine.training.batch_norm import enter_phase
from finetuner.engine.training.learner import Learner
from finetuner.engine.training.targets import Targets

LABELS = torch.tensor([0, 1])
NAMES = ("ant", "bee", "cow")
_CPU = torch.device("cpu")
_RELATIVE = 1e-3
_SHARE = 0.1
_LEAST_LAYERS = 15
_ALONE = 3
_is_close = partial(torch.testing.assert_close, rtol=1e-3, atol=1e-4)


def blocks_in_order(network: Network) -> str:
    """Every parameter is in one block; each block's first weights are used after those of the block before it."""
    held = [name for block in network.blocks for name in block.parameters]
    assert sorted(held) == sorted(name for name, _ in network.model.named_parameters()), "parameters lost or doubled"
    names = [block.name for block in network.blocks]
    assert (names[0], names[-1], len(set(names))) == ("stem", "head", len(names)), f"blocks are called {names}"
    moments = _first_uses(network)
    used = [moments[block] for block in range(len(names)) if block in moments]
    assert all(earlier < later for earlier, later in pairwise(used)), f"blocks are used in the order {moments}"
    return str(len(names))


def head_is_linear(network: Network) -> str:
    """The head applied to the features gives the logits, so that a solved head, bias included, is the answer."""
    with torch.no_grad():
        features, logits = network.features(images(network)), network.model(images(network))
        _is_close(network.head(features), logits)
    return str(network.head.in_features)


def strategies_have_plans(network: Network) -> str:
    """Every strategy draws a plan; in each of its phases exactly the blocks with a rate can learn."""
    blocks = _parameters_of_blocks(network)
    for name in STRATEGIES:
        plan = _plan(network, name)
        for phase in plan.phases:
            enter_phase(network, phase, plan.batch_norm)
            for block, rate in zip(blocks, phase.rates, strict=True):
                assert any(p.requires_grad for p in blocks[block]) == (rate is not None), (name, block)
    network.model.eval()
    return str(len(STRATEGIES))


def one_step_trains(network: Network) -> str:
    """With everything open a gradient reaches every block; with the early blocks frozen only the later ones."""
    blocks = _parameters_of_blocks(network)
    for strategy in ("freeze", "full"):
        loss, rates = _step(network, strategy)
        assert np.isfinite(loss), f"the loss is {loss}"
        for block, rate in zip(blocks, rates, strict=True):
            reached = any(p.grad is not None and bool(p.grad.any()) for p in blocks[block])
            assert reached == (rate is not None), f"{strategy}: gradient in {block}: {reached}"
    return f"{loss:.2f}"


def grad_cam_has_a_layer(network: Network) -> str:
    """A layer is found whose places speak for or against some class."""
    layer = target_layer(network.model, images(network))
    maps = [
        GradCam().explain(network.model, layer, images(network), torch.full((len(PICTURES),), label))
        for label in range(3)
    ]
    assert all(torch.isfinite(found).all() for found in maps), f"{layer}: not finite"
    assert any(found.any() for found in maps), f"{layer}: nothing speaks for any class"
    return f"`{layer}` {maps[0].shape[1]}x{maps[0].shape[2]}"


def onnx_agrees(network: Network) -> str:
    """The exported file answers as the app does, for pictures of any size.

    Judged by logits, since those of random weights can be so large that every probability is 0 or 1. A deep network of
    random weights may swell rounding a thousandfold; where one level in one pixel moves the logits further, it does.
    """
    with _exported(network) as (trained, format, file):
        _, relative = _agreement(trained, format.reopen(file))
    return f"{relative:.0e}"


def onnx_is_certified(network: Network) -> None:
    """Besides, the certificate passes, and in a file that is sound no layer is said to differ."""
    with _exported(network) as (trained, format, file):
        agreement, _ = _agreement(trained, format.reopen(file))
        assert agreement.good, f"probabilities differ by {agreement.probability_difference:.1e}"
        assert agreement.same == agreement.images, "another class"
        pixels = picture(PICTURES[1])
        app, layers = TorchLayers(trained.deployed, pixels), format.layers(file, pixels)
        assert isinstance(layers, OnnxLayers)
        shared = [layer for layer in layers.names if layer in app.names]
        found = [*layers.together(shared).items()]
        # alone, as the app looks for a fault, some: each opens the file anew, which takes seconds for a hundred layers
        found += [(layer, layers.value(layer)) for layer in shared[:: max(1, len(shared) // _ALONE)]]
        far = [(relative_difference(app.value(layer), value), layer) for layer, value in found]
    assert len(shared) >= _LEAST_LAYERS, f"only {shared} can be compared"
    assert max(far)[0] <= NOISE, f"layers differ by {far}"


def _agreement(trained: Trained, exported: Model) -> tuple[Agreement, float]:
    """Compared on the pictures; the largest difference of a logit over the largest logit."""
    app, agreement = app_model(trained), Agreement()
    largest = swing = 0.0
    for pixels in map(picture, PICTURES):
        answer = app(pixels)
        agreement.add(answer, exported(pixels))
        largest = max(largest, float(np.abs(answer[1]).max()))
        swing = max(swing, float(np.abs(app(_nudged(pixels))[1] - answer[1]).max()))
    relative = agreement.logit_difference / largest
    assert not agreement.contradictions, "another class"
    assert agreement.logit_difference < max(_RELATIVE * largest, _SHARE * swing), f"logits differ by {relative:.1e}"
    return agreement, relative


@contextmanager
def _exported(network: Network) -> Iterator[tuple[Trained, Onnx, Path]]:
    """The network as a run keeps it, and its file."""
    with tempfile.TemporaryDirectory() as folder:
        trained, format, file = _kept(network, Path(folder) / "best"), Onnx(), Path(folder) / "model.onnx"
        format.write(trained, file, "")
        checked(file.read_bytes())  # the app opens its own files under the rules for strangers'
        yield trained, format, file


def timm_opens_it(network: Network) -> str:
    """What is kept is opened by timm itself, with the same logits. Networks of other sources are not timm's."""
    if network.source != "timm":
        return "-"
    with tempfile.TemporaryDirectory() as folder:
        save_best(Path(folder), network, NAMES, 1.0)
        opened = timm.create_model(f"local-dir:{folder}", pretrained=True).eval()
    with torch.no_grad():
        _is_close(opened(images(network)), network.model(images(network)))
    return "yes"


Check = Callable[[Network], str]

# in the order in which they are run: the step changes the network, so it comes last
CHECKS: dict[str, Check] = {
    "blocks": blocks_in_order,
    "features": head_is_linear,
    "Grad-CAM layer": grad_cam_has_a_layer,
    "opens in timm": timm_opens_it,
    "ONNX differs by": onnx_agrees,
    "strategies": strategies_have_plans,
    "loss of a step": one_step_trains,
}
EXPORTS = ("opens in timm", "ONNX differs by")
QUICK = {name: check for name, check in CHECKS.items() if name not in EXPORTS}


def _first_uses(network: Network) -> dict[int, int]:
    """When each block is first used: the number of its first module with a matrix of its own, in order of calls."""
    owners = {name: number for number, block in enumerate(network.blocks) for name in block.parameters}
    moments: dict[int, int] = {}

    def note(own: set[int]) -> None:
        for block in own - moments.keys():
            moments[block] = len(moments)

    hooks = [
        module.register_forward_pre_hook(lambda _module, _inputs, own=own: note(own))
        for path, module in network.model.named_modules()
        if path and (own := {owners[f"{path}.{name}"] for name in _matrices(module)})
    ]
    with torch.no_grad():
        network.model(images(network))
    for hook in hooks:
        hook.remove()
    return moments


def _matrices(module: torch.nn.Module) -> list[str]:
    return [name for name, parameter in module.named_parameters(recurse=False) if parameter.ndim > 1]


def _parameters_of_blocks(network: Network) -> dict[str, list[torch.nn.Parameter]]:
    """By the names of the blocks; collected once, since a walk over a deep network for each block takes seconds."""
    parameters = dict(network.model.named_parameters())
    return {block.name: [parameters[name] for name in block.parameters] for block in network.blocks}


def _plan(network: Network, strategy: str) -> Plan:
    job = Job().changed(strategy=strategy)
    return draw([block.name for block in network.blocks], job.strategy, pretrained=True)


def _step(network: Network, strategy: str) -> tuple[float, tuple[float | None, ...]]:
    """The loss of one small step in the first phase of a strategy that steps, and that phase's rates."""
    job = Job().changed(optimizer="sgd", momentum=0.0)
    learner = Learner(network, job.optimisation, Targets(job, LABELS, len(NAMES), _CPU), _CPU, "fp32")
    plan = _plan(network, strategy)
    rates = plan.phases[0].rates
    learner.enter(plan.phases[0], plan.batch_norm)
    size = network.preprocessing.input_size
    pixels = torch.randint(0, 256, (2, 3, size, size), generator=torch.Generator().manual_seed(1)).to(torch.uint8)
    small = tuple(rate and 1e-6 for rate in rates)
    return learner.step(pixels, LABELS, small, 0, 0), rates


def _nudged(pixels: Pixels) -> Pixels:
    """The picture with one value in its middle a single level away."""
    changed = pixels.copy()
    changed[len(changed) // 2, changed.shape[1] // 2, 0] ^= 1
    return changed


def _kept(network: Network, folder: Path) -> Trained:
    """The network as a run keeps it, opened again."""
    folder.mkdir()
    save_best(folder, network, NAMES, 1.0)
    return load_folder(folder)
