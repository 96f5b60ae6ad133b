"""The answers for many versions of one image, batch by batch; between two batches one may stop."""

from collections.abc import Callable, Generator

import torch
from torch import Tensor, nn

from finetuner.engine.explanations.explanation import Step

BATCH = 16


def logits(model: nn.Module, versions: Callable[[int, int], Tensor], count: int) -> Generator[Step, None, Tensor]:
    """Logits count,C of `versions(start, stop)`, which makes n,3,S,S."""
    found = list[Tensor]()
    for start in range(0, count, BATCH):
        stop = min(start + BATCH, count)
        batch = versions(start, stop).contiguous(memory_format=torch.channels_last)
        with torch.no_grad():
            found.append(model(batch))
        yield stop, count
    return torch.cat(found)


def one_by_one(
    images: Tensor, targets: Tensor, explain: Callable[[Tensor, int], Generator[Step, None, Tensor]]
) -> Generator[Step, None, Tensor]:
    """Maps N,h,w of `explain(image 1,3,S,S, class)`, image after image."""
    maps = list[Tensor]()
    for image, target in zip(images, targets.tolist(), strict=True):
        maps.append((yield from explain(image[None], target)))
    return torch.stack(maps)
