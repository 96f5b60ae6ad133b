"""The network that learns: one step, one forward pass, its whole state as bytes."""

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import replace

import torch
from safetensors.torch import load
from timm.utils.model_ema import ModelEmaV3
from torch import Tensor, nn
from torch.nn.utils import clip_grads_with_norm_, get_total_norm

from finetuner.engine.backbones.boundary import Boundary, crossings
from finetuner.engine.backbones.network import Network
from finetuner.engine.job import OptimisationPart
from finetuner.engine.strategies.plan import Phase
from finetuner.engine.training.batch_norm import enter_phase, rests_for
from finetuner.engine.training.compiled import Compiled
from finetuner.engine.training.halving import halved, in_pieces, ran_out, rejoined
from finetuner.engine.training.input import InputStage
from finetuner.engine.training.memory_format import channels_last
from finetuner.engine.training.optimiser import build_optimiser, set_rates
from finetuner.engine.training.passes import Passes
from finetuner.engine.training.state_files import flat, refill, saved
from finetuner.engine.training.targets import Targets

_MODEL, _OPTIMISER, _EMA, _FACTS = "model.safetensors", "optimizer.safetensors", "ema.safetensors", "learner.json"


class Learner:
    """Network, optimiser, loss scaler and averaged weights on one device."""

    def __init__(
        self,
        network: Network,
        part: OptimisationPart,
        targets: Targets,
        device: torch.device,
        precision: str,
        compiled: bool = False,
    ) -> None:
        self.network, self.targets, self.device, self.precision = network, targets, device, precision
        self.clip = part.clip_grad
        self.micro_batch: int | None = None
        self.line: Boundary | None = None
        self._steps = 0
        channels_last(network.model.to(device))
        self._input, self._passes = InputStage(network.preprocessing, device), Passes(network, device, precision)
        self._optimiser = build_optimiser(network, part)
        self._compiled = Compiled(network, device, precision) if compiled else None
        self._open = False
        self._scaler = torch.amp.GradScaler(device.type, enabled=precision == "fp16")
        self._ema = ModelEmaV3(network.model, decay=part.ema, use_warmup=True) if part.ema else None

    def enter(self, phase: Phase, batch_norm: str, line: Boundary | None = None) -> None:
        """Freeze and open blocks as the phase says. With a line, batches are what crossed it, not images."""
        enter_phase(self.network, phase, batch_norm)
        self.line, self._open = line, phase.is_open

    def step(self, images: Tensor, labels: Tensor, rates: tuple[float | None, ...], epoch: int, batch: int) -> float:
        """One optimiser step on uint8 N,3,S,S; return the mean loss. Halves the micro-batch when memory runs out.

        A loss or gradient that is not finite changes no weight: NaN is returned, and the optimiser does not move.
        """
        set_rates(self._optimiser, rates)
        loss = self._gradients(images, labels, epoch, batch)
        return loss if math.isfinite(loss) and self._descend() else math.nan

    def crossings(self, lines: Sequence[Boundary], images: Tensor) -> list[Tensor]:
        """What crosses each line for uint8 images, on the CPU, in this run's precision."""

        def crossed(piece: Tensor) -> list[Tensor]:
            return [said.cpu() for said in crossings(self.network.model, lines, self._input(piece))]

        with torch.no_grad(), self._passes.running():
            return [rejoined(said) for said in zip(*in_pieces(crossed, images), strict=True)]

    def logits(self, images: Tensor) -> Tensor:
        """What the deployed (averaged, if any) network says to a batch: N,C float32 on the CPU."""
        model = self.deployed.model.eval()

        def said(piece: Tensor) -> Tensor:
            return self._said(model, self._taken(piece)).float().cpu()

        with torch.no_grad(), self._passes.running():
            return rejoined(in_pieces(said, images))

    def set_head(self, weight: Tensor, bias: Tensor) -> None:
        """Put a solved head in place, in the averaged network as well."""
        heads = [self.network.head] if self._ema is None else [self.network.head, self.deployed.head]
        for head in heads:
            head.set(weight, bias)

    @property
    def compiled(self) -> bool:
        """Whether steps in which every block learns are compiled; not any more once that has failed."""
        return self._compiled is not None

    @property
    def averages(self) -> bool:
        """Whether the deployed network is an average over steps."""
        return self._ema is not None

    @property
    def deployed(self) -> Network:
        """The network that is validated and kept: the averaged one, if there is one."""
        return self.network if self._ema is None else replace(self.network, model=self._ema.module)

    def state(self) -> dict[str, bytes]:
        """Everything that a resume needs, as files."""
        facts = {"scaler": self._scaler.state_dict(), "micro_batch": self.micro_batch, "steps": self._steps}
        files = {_MODEL: saved(self.network.model.state_dict()), _OPTIMISER: saved(flat(self._optimiser))}
        if self._ema is not None:
            files[_EMA] = saved(self._ema.module.state_dict())
        return {**files, _FACTS: json.dumps(facts).encode()}

    def restore(self, files: Mapping[str, bytes]) -> None:
        """Take up the state that `state` gave."""
        facts = json.loads(files[_FACTS])
        self.network.model.load_state_dict(load(files[_MODEL]))
        refill(self._optimiser, load(files[_OPTIMISER]))
        if facts["scaler"]:
            self._scaler.load_state_dict(facts["scaler"])
        if self._ema is not None:
            self._ema.module.load_state_dict(load(files[_EMA]))
        self.micro_batch = None if facts["micro_batch"] is None else max(1, int(facts["micro_batch"]))
        self._steps = int(facts["steps"])

    def _gradients(self, images: Tensor, labels: Tensor, epoch: int, batch: int) -> float:
        """Mean loss of the batch, its gradients in place; with a smaller micro-batch each time memory runs out."""
        outcome = self._tried(images, labels, epoch, batch)
        while not isinstance(outcome, float):
            self._retreat(outcome, len(images))
            outcome = self._tried(images, labels, epoch, batch)
        return outcome

    def _tried(self, images: Tensor, labels: Tensor, epoch: int, batch: int) -> float | type[RuntimeError]:
        """The loss; or what stopped it, without its traceback, which holds the tensors that must go."""
        self._optimiser.zero_grad(set_to_none=True)
        self.targets.seeded(epoch, batch)
        try:
            return self._accumulate(images, labels)
        except RuntimeError as error:
            if ran_out(error):
                return torch.OutOfMemoryError
            if self._compiled is None:
                raise
            return RuntimeError

    def _retreat(self, trouble: type[RuntimeError], images: int) -> None:
        """Smaller micro-batches where memory ran out; else it was the compiled passes, and they are not used again."""
        if trouble is torch.OutOfMemoryError:
            self.micro_batch = halved(self.micro_batch or images)
        else:
            self._compiled = None

    def _accumulate(self, images: Tensor, labels: Tensor) -> float:
        pixels, targets = self.targets.mixed(self._taken(images), labels.to(self.device))
        total = 0.0
        size = self.micro_batch or len(images)
        for part, wanted in zip(pixels.split(size), targets.split(size), strict=True):
            with rests_for(len(part), self.network.model):
                logits = self._stepped(part)
            loss = self.targets.loss(logits, wanted, targets)
            self._scaler.scale(loss).backward()
            total += float(loss.detach())
        return total

    def _taken(self, batch: Tensor) -> Tensor:
        """A batch on the device: images normalised, or what crossed the line."""
        return self._input(batch) if self.line is None else batch.to(self.device)

    def _said(self, model: nn.Module, taken: Tensor) -> Tensor:
        logits: Tensor = model(taken) if self.line is None else self.line.above(model, taken)
        return logits

    def _stepped(self, taken: Tensor) -> Tensor:
        if self._compiled and self._open and self.line is None:
            return self._compiled(taken)
        with self._passes.running():
            return self._said(self.network.model, taken)

    def _descend(self) -> bool:
        """Take the step. False, and no step, when the gradients overflowed; in fp16 the scaler sees to that."""
        self._scaler.unscale_(self._optimiser)
        learning = [p for p in self.network.model.parameters() if p.grad is not None]
        norm = get_total_norm([p.grad for p in learning if p.grad is not None])
        if not (self._scaler.is_enabled() or norm.isfinite()):
            return False
        if self.clip is not None:
            clip_grads_with_norm_(learning, self.clip, norm)
        self._scaler.step(self._optimiser)
        self._scaler.update()
        self._steps += 1
        if self._ema is not None:
            self._ema.update(self.network.model, step=self._steps)
        return True
