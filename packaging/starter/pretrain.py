"""The student's training: warm up, stay, decay. Interrupted, it goes on from its last checkpoint.

What stood before the decay is kept as `plateau.safetensors`: renamed to `checkpoint.safetensors`, more epochs go on
from there.
"""

import math
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import safetensors.torch
import torch
from torch import Tensor

from starter import student, views
from starter.images import Images
from starter.student import Student

BATCH = 128
RATE, WEIGHT_DECAY = 2e-3, 0.03
WARM_UP, DECAY = 500, 0.25
# small crops are cheap; the decay sees them as large as they will be when the network is used
SIZES, LAST_SIZES = (64, 80, 96), (96, 112, 128)
SAVE_EVERY = 400


class Pretraining:
    """One student, its optimiser, and where it stands."""

    def __init__(self, images: Images, work: Path, epochs: int, batch: int = BATCH) -> None:
        self.images, self.work, self.epochs, self.batch_size = images, work, epochs, batch
        self.batches = len(images.pixels) // batch
        self.boxes = [views.boxes(view, len(images.pixels)) for view in range(views.COUNT)]
        self.targets = [_views_of(work, "features"), _views_of(work, "logits")]
        self.mean, self.deviation = _statistics(self.targets[0][0])
        torch.manual_seed(0)
        self.student = Student(1280, 1000, len(images.names))
        self.optimiser = torch.optim.AdamW(_groups(self.student), lr=RATE, fused=True)
        self.step = 0
        self._restore()

    def run(self) -> None:
        """Train to the last epoch; print what is learned."""
        total, told, mark = self.epochs * self.batches, list[float](), time.monotonic()
        while self.step < total:
            for rows in self._rows(self.step // self.batches):
                told.append(self._learn(rows, self.step // self.batches, total))
                if self.step == _decay_starts(total):
                    self._save("plateau")
                if self.step % SAVE_EVERY == 0 or self.step == total:
                    self._save("checkpoint")
                    rate = len(told) * self.batch_size / (time.monotonic() - mark)
                    print(f"step {self.step}/{total} loss {np.mean(told):.4f} {rate:.0f} images/s", flush=True)
                    told, mark = [], time.monotonic()

    def _rows(self, epoch: int) -> Iterator[np.ndarray]:
        order = np.random.default_rng((1, epoch)).permutation(len(self.images.pixels))
        for batch in range(self.step % self.batches, self.batches):
            yield np.sort(order[batch * self.batch_size : (batch + 1) * self.batch_size])

    def _learn(self, rows: np.ndarray, epoch: int, total: int) -> float:
        planes, features, logits = self._batch(rows, epoch, self._size(total))
        for group in self.optimiser.param_groups:
            group["lr"] = RATE * _factor(self.step, total)
        answers = self.student(planes)  # in float32: this network is slower in bfloat16
        loss = student.loss(answers, features, logits, torch.from_numpy(self.images.labels[rows]))
        self.optimiser.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.student.parameters(), 1.0)
        self.optimiser.step()
        self.step += 1
        return loss.item()

    def _size(self, total: int) -> int:
        sizes = SIZES if self.step < _decay_starts(total) else LAST_SIZES
        return sizes[int(np.random.default_rng((2, self.step)).integers(len(sizes)))]

    def _batch(self, rows: np.ndarray, epoch: int, size: int) -> tuple[Tensor, Tensor, Tensor]:
        view = epoch % views.COUNT
        pixels = torch.from_numpy(self.images.pixels[rows])
        planes = views.jitter(views.cut(pixels, self.boxes[view][rows], size, "bilinear"), (3, self.step))
        features, logits = (torch.from_numpy(target[view][rows]).float() for target in self.targets)
        return planes, (features - self.mean) / self.deviation, logits

    def _save(self, name: str) -> None:
        state = {f"student.{name}": tensor.contiguous() for name, tensor in self.student.state_dict().items()}
        for number, moments in self.optimiser.state_dict()["state"].items():
            state |= {f"optimiser.{number}.{name}": tensor.contiguous() for name, tensor in moments.items()}
        file = self.work / "checkpoint.new"
        safetensors.torch.save_file(state | {"step": torch.tensor(self.step)}, file)
        file.rename(self.work / f"{name}.safetensors")

    def _restore(self) -> None:
        file = self.work / "checkpoint.safetensors"
        if not file.exists():
            return
        state = safetensors.torch.load_file(file)
        self.step = int(state.pop("step"))
        self.student.load_state_dict(_below(state, "student."))
        moments: dict[int, dict[str, Tensor]] = {}
        for name, tensor in _below(state, "optimiser.").items():
            number, _, kind = name.partition(".")
            moments.setdefault(int(number), {})[kind] = tensor
        self.optimiser.load_state_dict(self.optimiser.state_dict() | {"state": moments})
        for parameter, kept in self.optimiser.state.items():
            # the fused step takes it for granted that moments lie in memory as their parameter does
            kept |= {name: torch.empty_like(parameter).copy_(kept[name]) for name in ("exp_avg", "exp_avg_sq")}


def _decay_starts(total: int) -> int:
    return round((1 - DECAY) * total)


def _factor(step: int, total: int) -> float:
    """Warm-up, plateau, and a fall along 1 - sqrt in the last part (Hägele et al., 2024)."""
    fallen = max(0, step - _decay_starts(total)) / (total - _decay_starts(total))
    return min(1.0, (step + 1) / WARM_UP, 1 - math.sqrt(fallen))


def _groups(model: torch.nn.Module) -> list[dict[str, object]]:
    matrices = [p for p in model.parameters() if p.ndim > 1]
    vectors = [p for p in model.parameters() if p.ndim <= 1]
    return [{"params": matrices, "weight_decay": WEIGHT_DECAY}, {"params": vectors, "weight_decay": 0.0}]


def _views_of(work: Path, name: str) -> list[np.ndarray]:
    return [np.load(work / f"{name}-{view}.npy", mmap_mode="r") for view in range(views.COUNT)]


def _statistics(features: np.ndarray) -> tuple[Tensor, Tensor]:
    some = torch.from_numpy(np.array(features[:: max(1, len(features) // 10_000)])).float()
    return some.mean(0), some.std(0).clamp_min(1e-3)


def _below(state: dict[str, Tensor], prefix: str) -> dict[str, Tensor]:
    return {name.removeprefix(prefix): tensor for name, tensor in state.items() if name.startswith(prefix)}
