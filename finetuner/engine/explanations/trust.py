"""May a map be believed? Two questions to the network itself.

**Does the answer hang on what the map marks?** Deletion and insertion (Petsiuk et al., RISE, 2018): cells are turned
grey, or revealed from a blur, the strongest first; the class's mean probability meanwhile is compared with the same in
an order of chance.

**Does the map hang on what was learned?** Sanity checks (Adebayo et al., 2018): in a copy of the network the head and
the upper half of its blocks lose what they learned; a map that stays as it was showed the image, not the network.
"""

import copy
from collections.abc import Callable, Generator

import torch
from torch import Tensor, nn
from torch.nn import functional

from finetuner.engine.backbones.network import Network
from finetuner.engine.events import Trust
from finetuner.engine.events.explanations import ALIKE
from finetuner.engine.explanations.attribution.baselines import blurred
from finetuner.engine.explanations.explanation import Explanation, Step, stepwise
from finetuner.engine.explanations.passes import logits
from finetuner.engine.explanations.subject import Subject

CELLS = 14
STEPS = 14
_CHANCES = 4
_Steps = Generator[Step, None, tuple[float, float]]


def judged(subject: Subject, method: Explanation, layer: str, found: Tensor) -> Generator[Step, None, Trust]:
    """The verdict on `found`, the map h,w of `method`. The model is left as it was; a copy is randomised."""
    deletion, insertion = yield from answers_in_order(subject, found[None])
    deletion_by_chance, insertion_by_chance = yield from answers_in_order(subject, _chance())
    stranger = randomised(subject.trained.network)
    other = yield from stepwise(method.explain(stranger, layer, subject.images, subject.targets))
    trust = Trust(
        deletion=deletion,
        insertion=insertion,
        deletion_by_chance=deletion_by_chance,
        insertion_by_chance=insertion_by_chance,
        likeness=rank_correlation(found.abs(), other[0].detach().abs()),
        sentence="",
    )
    return trust.model_copy(update={"sentence": verdict(trust)})


def verdict(trust: Trust) -> str:
    """What follows from the figures, the worst first."""
    if trust.likeness >= ALIKE:
        return "This map barely changes when the network is randomised: do not rely on it."
    if trust.deletion >= trust.deletion_by_chance and trust.insertion <= trust.insertion_by_chance:
        return "The answer hangs no more on what this map marks than on places chosen at random: do not rely on it."
    if trust.deletion < trust.deletion_by_chance and trust.insertion > trust.insertion_by_chance:
        return "The map changes with what the network learned, and the answer hangs on what it marks."
    return "The map changes with what the network learned; whether the answer hangs on what it marks is not clear."


def answers_in_order(subject: Subject, maps: Tensor) -> _Steps:
    """The class's mean probability over M maps M,h,w while cells are deleted, and while they are inserted."""
    image, side = subject.images, subject.images.shape[-1]
    gone = torch.cat([_gone(heat, side) for heat in maps])
    soft = blurred(image)
    deleted = yield from _mean(subject, lambda start, stop: image * ~gone[start:stop], len(gone))
    inserted = yield from _mean(subject, lambda start, stop: torch.where(gone[start:stop], image, soft), len(gone))
    return deleted, inserted


def randomised(network: Network) -> nn.Module:
    """A copy whose head and upper half of blocks have their weights shuffled: as large as before, nothing learned."""
    model = copy.deepcopy(network.model)
    upper = {name for block in network.blocks[len(network.blocks) // 2 :] for name in block.parameters}
    source = torch.Generator().manual_seed(0)
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            if name in upper:
                order = torch.randperm(parameter.numel(), generator=source)
                parameter.copy_(parameter.flatten()[order].view_as(parameter))
    return model


def rank_correlation(one: Tensor, other: Tensor) -> float:
    """Spearman's, with ties at their mean rank; 0 where a map says the same everywhere."""
    ranks = torch.stack([_ranks(one.flatten()), _ranks(other.flatten())])
    centred = ranks - ranks.mean(dim=1, keepdim=True)
    lengths = centred.square().sum(dim=1).sqrt()
    return float((centred[0] @ centred[1]) / (lengths[0] * lengths[1])) if bool(lengths.all()) else 0.0


def _chance() -> Tensor:
    """Random maps M,h,w, as coarse as those of a late layer: scattered grey cells would disturb more than one area."""
    return torch.rand(_CHANCES, 5, 5, generator=torch.Generator().manual_seed(0))


def _ranks(values: Tensor) -> Tensor:
    _, places, counts = values.unique(return_inverse=True, return_counts=True)
    return (counts.cumsum(0) - (counts - 1) / 2).double()[places]


def _gone(heat: Tensor, side: int) -> Tensor:
    """From no cell to all of them, the strongest first: STEPS + 1,1,side,side of bool.

    Cells rather than pixels, since a grain of grey pixels would disturb the network more than what it hides.
    """
    fine = functional.interpolate(heat[None, None].float(), size=(CELLS * 4,) * 2, mode="bilinear", antialias=True)
    cells = functional.avg_pool2d(fine, 4)
    ranks = cells.flatten().argsort(descending=True, stable=True).argsort().view(1, 1, CELLS, CELLS)
    places = functional.interpolate(ranks.float(), size=(side, side), mode="nearest")
    counts = torch.linspace(0, CELLS * CELLS, STEPS + 1).view(-1, 1, 1, 1)
    return places < counts


def _mean(subject: Subject, versions: Callable[[int, int], Tensor], count: int) -> Generator[Step, None, float]:
    answers = yield from logits(subject.model, versions, count)
    return float((answers / subject.trained.temperature).softmax(dim=1)[:, subject.target].mean())
