"""What a run needs before its first step: images, network, plan, device, precision."""

from collections.abc import Generator
from dataclasses import dataclass, replace

import torch

from finetuner.engine.backbones.network import Network, build
from finetuner.engine.dataset.cache import PixelCache
from finetuner.engine.dataset.loader import batches_of
from finetuner.engine.dataset.randomness import mix
from finetuner.engine.errors import FinetunerError
from finetuner.engine.events import Event, Notice, Progress
from finetuner.engine.job import Job
from finetuner.engine.run_store.run_folder import RunFolder
from finetuner.engine.strategies import draw, resolve
from finetuner.engine.strategies.plan import Plan
from finetuner.engine.training.batch_size import choose_batch_size
from finetuner.engine.training.compiling import choose_compiling
from finetuner.engine.training.first_start import weights_told
from finetuner.engine.training.hardware import choose_device
from finetuner.engine.training.pinning import pin_backbone, pin_dataset
from finetuner.engine.training.position import Position
from finetuner.engine.training.precision import choose_precision

_MANY_UNREADABLE = 0.05
_CONNECTED = "Is the disk with the images still connected? Then resume the run."
_COMPILED = "Steps in which every block learns are compiled: the first of them take a minute or two."


@dataclass(frozen=True)
class Setting:
    """Everything decided. `train` and `val` are indices into the cache and `labels`."""

    run: RunFolder
    job: Job
    strategy: str
    network: Network
    plan: Plan
    device: torch.device
    precision: str
    batch_size: int
    compiled: bool
    classes: tuple[str, ...]
    cache: PixelCache
    labels: list[int]
    train: list[int]
    val: list[int]


def prepare(run: RunFolder, position: Position) -> Generator[Event, None, Setting]:
    """Get everything ready, reporting progress. A resumed `position` keeps what was chosen when the run began."""
    _settle_threads(run.job, position)
    if not run.split_file.exists():
        pin_backbone(run)
        yield from pin_dataset(run)
    job, classes = run.job, run.classes
    device = choose_device(job.compute.device)
    network = _fresh(job, len(classes)) if position.step == 0 else _gone_on(run)
    plan = draw([block.name for block in network.blocks], job.strategy, job.backbone.pretrained)
    train, val = run.pinned("train"), run.pinned("val")
    cache = PixelCache([path for path, _ in (*train, *val)], network.preprocessing, judged_from=len(train))
    yield from _fill(cache, len(cache.files) if plan.learns else len(train))
    to_train, to_judge = _readable(cache, range(len(train))), _readable(cache, range(len(train), len(cache.files)))
    _refuse_none(training=to_train, validation=to_judge)
    precision = position.precision or choose_precision(
        job.compute.precision, device, network, plan.learns, plan.batch_norm
    )
    batch_size = position.batch_size or job.optimisation.batch_size
    if not batch_size:
        chosen = choose_batch_size(len(train), plan, device, network, precision)
        batch_size = chosen.images
        if chosen.reason:
            yield Notice(sentence=chosen.reason)
    compiled = position.compiled
    if position.step == 0:
        compiled = _compiles(job, plan, len(train), batch_size, device, network, precision)
    if compiled:
        yield Notice(sentence=_COMPILED)
    return Setting(
        run=run,
        job=job,
        strategy=resolve(job.strategy.strategy, job.backbone.pretrained),
        network=network,
        plan=plan,
        device=device,
        precision=precision,
        batch_size=batch_size,
        compiled=compiled,
        classes=classes,
        cache=cache,
        labels=[classes.index(label) for _, label in (*train, *val)],
        train=to_train,
        val=to_judge,
    )


def _compiles(
    job: Job, plan: Plan, images: int, batch_size: int, device: torch.device, network: Network, precision: str
) -> bool:
    steps = plan.open_epochs * batches_of(images, batch_size)
    return choose_compiling(job.compute.compile, steps, batch_size, device, network, precision, plan.batch_norm)


def _fresh(job: Job, classes: int, load: bool = True) -> Network:
    """The job's network, seeded, with a head that starts at zero.

    Random heads of some architectures answer with logits of a hundred, and the first steps then tear through
    the pretrained features; from zero the first gradient reaches the head alone.
    """
    torch.manual_seed(mix(job.compute.seed))
    network = build(job.backbone, classes, load=load)
    for parameter in network.head.parameters():
        torch.nn.init.zeros_(parameter)
    return network


def _gone_on(run: RunFolder) -> Network:
    """The same without its weights, which a checkpoint holds; it tells of those that the run began with."""
    network = _fresh(run.job, len(run.classes), load=False)
    told = weights_told(entry.event for entry in run.events.entries())
    return replace(network, loaded=told or network.loaded)


def _readable(cache: PixelCache, indices: range) -> list[int]:
    return [index for index in indices if index not in cache.unreadable]


def _refuse_none(**images: list[int]) -> None:
    """Of a network that only looks the validation images are read when it is measured, and are all here still."""
    for kind, readable in images.items():
        if not readable:
            raise none_left(kind)


def none_left(kind: str) -> FinetunerError:
    """What a run says that can read none of its `training` or `validation` images any more."""
    return FinetunerError(f"None of the {kind} images can be read any more.", _CONNECTED)


def _settle_threads(job: Job, position: Position) -> None:
    """The number of threads changes sums in the last digit, so a resumed run keeps its own."""
    threads = position.threads or job.compute.threads
    if threads:
        torch.set_num_threads(threads)


def _fill(cache: PixelCache, total: int) -> Generator[Event, None, None]:
    """Read the first `total` images."""
    for done in cache.fill(total):
        if done % 16 == 0 or done == total:
            yield Progress(activity="Reading images", done=done, total=total)
    if len(cache.unreadable) > _MANY_UNREADABLE * total:
        raise FinetunerError(
            f"{len(cache.unreadable)} of {total} images cannot be read any more, first "
            f"{cache.files[min(cache.unreadable)]}.",
            _CONNECTED,
        )
    for reason in cache.unreadable.values():
        yield Notice(sentence=f"Left out: {reason}", level="warning")
