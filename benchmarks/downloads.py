"""Faulty downloads from a server on this machine: is a bad file ever accepted, has anybody ever to clean up?

Each download meets one to four faults, drawn with its number as the seed, or is cancelled on the way; it is tried until
the faults are used up, and then once more with an honest server. Half of them come from the hub, half from
torchvision's place. After every try, every file that a program could take for a finished one is compared with the
published content. The process that downloads is a fork of this one, killed where a download is cancelled.
"""

import argparse
import os
import random
from collections import Counter, defaultdict
from collections.abc import Generator
from concurrent.futures import ProcessPoolExecutor
from contextlib import closing
from itertools import islice
from pathlib import Path
from typing import NamedTuple, cast
from unittest.mock import patch

from huggingface_hub.utils.logging import set_verbosity_error

from benchmarks.table import machine, print_table
from finetuner.engine import paths
from finetuner.engine.backbones.download import task
from finetuner.engine.backbones.names import find
from finetuner.engine.backbones.shelf import Entry
from finetuner.engine.errors import FinetunerError
from finetuner.engine.events import Downloaded, Event
from finetuner.engine.requests import DownloadRequest
from tests.engine.backbones.download.client import Forked, hurried
from tests.engine.backbones.download.faults import seeded
from tests.engine.backbones.download.loopback import Loopback, finished, serving

BYTES = 700_000
AT_ONCE = 4
CANCELLED = 0.15


class Outcome(NamedTuple):
    """What became of one download. `tries` with faults: ended well, told in a sentence, or cancelled."""

    fault: str
    tries: Counter[str]
    bad: int
    clean_ups: int


def measure(arguments: argparse.Namespace) -> None:
    print(f"{machine()}\n")
    with ProcessPoolExecutor(AT_ONCE) as pool:
        outcomes = list(pool.map(downloaded, range(arguments.count)))
    by_fault: dict[str, list[Outcome]] = defaultdict(list)
    for outcome in outcomes:
        by_fault[outcome.fault].append(outcome)
    header = ("first fault", "downloads", "tries", "ended well", "told", "cancelled", "bad accepted", "clean-ups")
    print_table(header, [row(fault, by_fault[fault]) for fault in sorted(by_fault)] + [row("all", outcomes)])
    if not any(outcome.bad or outcome.clean_ups for outcome in outcomes):
        print(f"\nWith 0 failures in {len(outcomes)} downloads the true rate is below {3 / len(outcomes):.1%} (95 %).")


def row(name: str, outcomes: list[Outcome]) -> tuple[object, ...]:
    tries: Counter[str] = sum((outcome.tries for outcome in outcomes), Counter())
    failures = (sum(outcome.bad for outcome in outcomes), sum(outcome.clean_ups for outcome in outcomes))
    return (name, len(outcomes), tries.total(), *(tries[end] for end in ("well", "told", "cancelled")), *failures)


def downloaded(seed: int) -> Outcome:
    """One download with a home of its own."""
    set_verbosity_error()
    home = paths.data_dir() / f"{seed}"
    dice = random.Random(seed)
    content = dice.randbytes(BYTES)
    with serving(content) as server, patch.dict(os.environ, surroundings(server, home)):
        entry = published(server, seed)
        with patch.object(task, "find", lambda name: entry), hurried(server, Forked):
            return tried(server, entry, seed, dice)


def surroundings(server: Loopback, home: Path) -> dict[str, str]:
    return {
        "FINETUNER_HOME": str(home),
        "HF_HOME": str(home / "hub"),
        "HF_HUB_OFFLINE": "0",
        "TORCH_HOME": str(home / "torch"),
        "FINETUNER_TORCHVISION_URL": f"{server.url}/models",
    }


def published(server: Loopback, seed: int) -> Entry:
    if seed % 2:
        return find("resnet18.a1_in1k")
    name = "torchvision/net"
    return Entry(name, "torchvision", name, "net", 1, 224, file=f"net-{server.sha256[:8]}.pth")


def tried(server: Loopback, entry: Entry, seed: int, dice: random.Random) -> Outcome:
    server.faults.extend(seeded(seed))
    fault, bad, tries = server.faults[0].kind, 0, Counter[str]()
    while server.faults and not entry.weights():
        tries[once(dice.randrange(30) if dice.random() < CANCELLED else None)] += 1
        bad += accepted(server)
    server.faults.clear()
    once(None)
    return Outcome(fault, tries, bad + accepted(server), clean_ups=int(entry.weights() is None))


def once(stop_after: int | None) -> str:
    """How one try ended; it is cancelled after so many events."""
    events = cast(Generator[Event, None, None], task.download(DownloadRequest(backbone="net")))
    with closing(events):
        try:
            *_, last = islice(events, stop_after)
        except FinetunerError:
            return "told"
        except ValueError:  # cancelled before anything happened
            return "cancelled"
    return "well" if isinstance(last, Downloaded) else "cancelled"


def accepted(server: Loopback) -> int:
    """Finished files that are not the published one."""
    return sum(path.read_bytes() != server.content for path in finished())
