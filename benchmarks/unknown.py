"""How well does a score tell images of the model's classes from images of other kinds?

    python -m benchmarks unknown --data DIR --weights FILE --others ZIP_OR_FOLDER [--sets DIR]

A probe is trained on --data, and on each of --sets (`subsets` cuts them). Its held-out images are known; unknown are
the images in --others, of a zip archive `val/CLASS/...` at most --count classes' first images, known classes, insects
and spiders left out; noise; blank frames. Pictures of 64 pixels are known by their blur alone, so the known ones are
shrunk to 64 pixels as well: *as coarse*. In each of the sets one class after the other is then left out of training and
is the unknown one. The cut is that of a run, for 95 % of known images.
"""

import argparse
import io
import tempfile
import zipfile
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image
from torch import Tensor

from benchmarks.results import Record, Result, Table
from benchmarks.strategies import job, trained
from finetuner.engine.backbones.deployed import Trained, load_best
from finetuner.engine.backbones.unknown import Strangeness
from finetuner.engine.dataset.decode import open_rgb
from finetuner.engine.evaluation.strangers import area_between
from finetuner.engine.run_store.run_folder import RunFolder
from finetuner.engine.run_store.unknown import Unknown
from finetuner.engine.training.head_solver import solve_head
from finetuner.engine.training.passes import Passes

OF_EACH, COARSE, BATCH, HALVES = 5, 64, 16, 100
INSECTS = (*(f"n017{tens}" for tens in (6, 7, 8)), *(f"n02{tens}" for tens in range(16, 29)), "n04275548")
"""How WordNet's numbers begin for arthropods on land, among the classes of Tiny ImageNet; and the spider's web."""
Score = Callable[[Tensor, Tensor], NDArray[np.float64]]
"""Features and logits to how strange each image is."""
Seen = tuple[Tensor, Tensor]


def measure(arguments: argparse.Namespace) -> Result:
    """The folder of real photos, then every set: against others, and with one class left out after the other."""
    sets = sorted(filter(Path.is_dir, arguments.sets.iterdir())) if arguments.sets else []
    records: list[Record] = []
    with tempfile.TemporaryDirectory(prefix="finetuner-unknown-") as place:
        for data in (arguments.data, *sets):
            run = Path(place) / data.name
            trained(job("probe", data, arguments), run)
            left_out = _one_left_out(data, run) if data in sets else {}
            for record in _against_others(data, arguments, run):
                records.append({**record, "areas": record["areas"] | left_out.get(record["score"], {})})
    return Result(tuple(records), (_table(records),), remark=" ".join((__doc__ or "").split("\n\n")[2:]))


def scores(known: Tensor, shape: Score, held_out: Seen) -> dict[str, Score]:
    """The candidates, among training features N,F; the sum by known images held out. `shape`: Mahalanobis."""
    both = Strangeness.among(known, *held_out)
    return {
        "largest probability": lambda f, z: -z.softmax(1).amax(1).numpy(),
        "energy": lambda f, z: -z.logsumexp(1).numpy(),
        "Mahalanobis": shape,
        "nearest neighbours": lambda f, z: both.parts(f, z)[:, 1].numpy(),
        "energy and neighbours": lambda f, z: both(f, z).numpy(),
    }


def _mahalanobis(known: Tensor, labels: Tensor) -> Score:
    """Lee et al., 2018: the least distance to a class, features at unit length, covariance half shrunk to a sphere."""
    unit = torch.nn.functional.normalize
    rows = unit(known, dim=1).double()
    centres = torch.stack([rows[labels == label].mean(0) for label in labels.unique()])
    rest = rows - centres[torch.searchsorted(labels.unique(), labels)]
    shape = rest.T @ rest / len(rest)
    round_one = torch.eye(len(shape), dtype=torch.double) * shape.trace() / len(shape)
    root = torch.linalg.cholesky(torch.linalg.inv((shape + round_one) / 2))
    return lambda f, _z: torch.cdist(unit(f, dim=1).double() @ root, centres @ root).amin(1).numpy()


def _against_others(data: Path, arguments: argparse.Namespace, run: Path) -> Iterator[Record]:
    model, folder = load_best(run), RunFolder.open(run)
    pinned = {split: [open_rgb(path) for path, _ in folder.pinned(split)] for split in ("train", "val")}
    known, _ = _seen(model, pinned["train"])
    shape = _mahalanobis(known, torch.tensor([model.classes.index(label) for _, label in folder.pinned("train")]))
    held_out, coarse = _seen(model, pinned["val"]), _seen(model, map(_coarse, pinned["val"]))
    strangers = {name: _seen(model, images) for name, images in _strangers(arguments, model.classes).items()}
    halved = _halved(held_out, lambda half: scores(known, shape, half))
    for name, score in scores(known, shape, held_out).items():
        inside = score(*held_out)
        areas = {title: area_between(inside, score(*seen)) for title, seen in strangers.items()}
        areas["as coarse"] = area_between(score(*coarse), score(*strangers["others"]))
        cut = _cut(inside)
        found, withheld = (float(np.mean(score(*seen) > cut)) for seen in (strangers["others"], coarse))
        yield {"set": data.name, "score": name, "areas": areas, "found": found, "withheld": withheld, **halved[name]}


def _cut(inside: NDArray[np.float64]) -> float:
    return Unknown(method="tried", scores=tuple(np.sort(inside).tolist()), digest="").cut.threshold


def _halved(held_out: Seen, fitted: Callable[[Seen], dict[str, Score]]) -> dict[str, Record]:
    """Fitted and cut on one half of the images, 95 % asked for: the share that passes on the other half.

    Of so many halves by chance the mean, and between which shares 95 % of the halves lie.
    """
    random, shares = np.random.default_rng(0), defaultdict(list)
    for _ in range(HALVES):
        order = torch.from_numpy(random.permutation(len(held_out[0])))
        one, other = ((held_out[0][part], held_out[1][part]) for part in order.chunk(2))
        for name, score in fitted(one).items():
            shares[name].append(float(np.mean(score(*other) <= _cut(score(*one)))))
    return {
        name: {"passing": float(np.mean(each)), "between": np.quantile(each, (0.025, 0.975)).tolist()}
        for name, each in shares.items()
    }


def _one_left_out(data: Path, run: Path) -> dict[str, Record]:
    """The mean over the classes; heads are solved on frozen features, so that nothing is trained again."""
    model, parts = load_best(run), {}
    for part in ("train", "val"):
        paths = sorted((data / part).glob("*/*"))
        parts[part] = (
            _seen(model, map(open_rgb, paths))[0],
            torch.tensor([model.classes.index(path.parent.name) for path in paths]),
        )
    (known, labels), (asked, truth) = parts["train"], parts["val"]
    areas = defaultdict(list)
    for left_out in range(len(model.classes)):
        kept = labels != left_out
        fewer = labels[kept] - (labels[kept] > left_out).long()
        weight, bias = solve_head(known[kept], fewer, len(model.classes) - 1, None, 0)
        inside = asked[truth != left_out], asked[truth != left_out] @ weight.T + bias
        for name, score in scores(known[kept], _mahalanobis(known[kept], fewer), inside).items():
            told = score(asked, asked @ weight.T + bias)
            areas[name].append(area_between(told[truth != left_out], told[truth == left_out])[0])
    return {name: {"one class left out": (float(np.mean(each)), None)} for name, each in areas.items()}


def _strangers(arguments: argparse.Namespace, known: tuple[str, ...]) -> dict[str, list[Image.Image]]:
    random = np.random.default_rng(0)
    noise = [random.integers(0, 256, (side, side, 3), dtype=np.uint8) for side in (7, 14, 28, 56, 112, 224) * 5]
    blank = [np.full((224, 224, 3), random.integers(0, 256, 3), np.uint8) for _ in range(30)]
    return {
        "others": list(_others(arguments.others, arguments.count, known)),
        "noise": [Image.fromarray(pixels).resize((224, 224), Image.Resampling.NEAREST) for pixels in noise],
        "blank": [Image.fromarray(pixels) for pixels in blank],
    }


def _others(source: Path, count: int, known: tuple[str, ...]) -> Iterator[Image.Image]:
    if source.is_dir():
        yield from map(open_rgb, sorted(path for path in source.rglob("*") if path.is_file()))
        return
    with zipfile.ZipFile(source) as archive:
        members = defaultdict(list)
        for name in sorted(archive.namelist()):
            _, _, rest = name.partition("/")
            label, _, file = rest.partition("/")
            if file and label not in known and not label.startswith(INSECTS):
                members[label].append(name)
        for label in sorted(members)[:count]:
            yield from (Image.open(io.BytesIO(archive.read(name))).convert("RGB") for name in members[label][:OF_EACH])


def _coarse(image: Image.Image) -> Image.Image:
    side = min(image.size)
    left, top = (image.width - side) // 2, (image.height - side) // 2
    return image.crop((left, top, left + side, top + side)).resize((COARSE, COARSE), Image.Resampling.LANCZOS)


def _seen(model: Trained, images: Iterable[Image.Image]) -> Seen:
    """Features and logits, as the deployed model has them."""
    passes, features = Passes(model.network, torch.device("cpu"), "fp32"), list[Tensor]()
    ready = [model.deployed.preprocess(torch.from_numpy(np.array(image))[None]) for image in images]
    for start in range(0, len(ready), BATCH):
        with passes.looking():
            features.append(model.network.features(torch.cat(ready[start : start + BATCH])).float())
    rows = torch.cat(features)
    with torch.no_grad():
        return rows, model.network.head(rows)


def _table(records: list[Record]) -> Table:
    columns = ("others", "as coarse", "noise", "blank", "one class left out")
    told = ("others found", "as coarse withheld", "pass on the other half", "95 % of the halves")
    return Table("", ("set", "score", *columns, *told), tuple(_row(record, columns) for record in records))


def _row(record: Record, columns: tuple[str, ...]) -> tuple[object, ...]:
    areas = (record["areas"].get(name) for name in columns)
    shares = (record.get(name) for name in ("found", "withheld", "passing"))
    between = record.get("between")
    return (
        record["set"],
        record["score"],
        *("" if area is None else f"{area[0]:.3f}" for area in areas),
        *("" if share is None else f"{share:.1%}" for share in shares),
        "" if between is None else f"{between[0]:.1%} – {between[1]:.1%}",
    )
