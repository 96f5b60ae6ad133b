"""kill -9 at random moments of a small run: is any lost, does each resume with the same curve and weights?

Everything is imported and computed once in this process, which keeps a single thread; each trainer is a fork of it.
"""

import argparse
import os
import random
import signal
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchmarks.table import machine, print_table
from finetuner.engine import paths
from finetuner.engine.events import Event
from finetuner.engine.job import Job
from finetuner.engine.requests import TrainRequest
from finetuner.engine.training.loop import train
from tests.engine.forks import again, forked
from tests.engine.tiny_job import draw_pictures, fingerprint, tiny_job

STRATEGIES = ("full", "gradual", "lp-ft")


def measure(arguments: argparse.Namespace) -> None:
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    home = paths.data_dir()
    data = arguments.data or draw_pictures(home / "photos", of_each=6)
    print(f"{machine()}\n")
    share = -(-arguments.count // len(STRATEGIES))
    rows = [Kills(tiny_job(data, strategy=name, epochs=3, ema=0.9, mixup=0.2), home).row(share) for name in STRATEGIES]
    print_table(("strategy", "kill -9", "runs lost", "resumed exactly", "seconds a run"), rows)
    killed, lost, exact = (sum(int(row[column]) for row in rows) for column in (1, 2, 3))
    print(f"\n{killed} kills, {lost} runs lost, {exact} resumed exactly.")
    if killed and not lost and exact == killed:
        print(f"With 0 failures in {killed} trials the true rate is below {3 / killed:.1%} (95 %).")


class Kills:
    """One job, run whole once and then killed again and again."""

    def __init__(self, job: Job, home: Path) -> None:
        self.job, self.home = job, home / job.strategy.strategy
        self.dice = random.Random(0)
        walk(train(self.request("whole")))
        self.whole = fingerprint(self.home / "whole")
        started = time.monotonic()
        self.ended(forked(lambda: walk(train(self.request("forked")))))
        self.seconds = time.monotonic() - started

    def request(self, name: str) -> TrainRequest:
        return TrainRequest(job=self.job, run=self.home / name)

    def row(self, count: int) -> tuple[Any, ...]:
        outcomes: list[str] = []
        while len(outcomes) < count:
            outcome = self.killed_once(len(outcomes))
            outcomes += [outcome] if outcome else []
        lost, exact = outcomes.count("lost"), outcomes.count("exact")
        return (self.job.strategy.strategy, count, lost, exact, f"{self.seconds:.2f}")

    def killed_once(self, number: int) -> str:
        """What became of a run that was killed and resumed; nothing, if it had ended before."""
        request = self.request(f"{number}-{self.dice.random()}")
        trainer = forked(lambda: walk(train(request)))
        time.sleep(self.dice.uniform(0, self.seconds))
        os.kill(trainer, signal.SIGKILL)
        if not os.WIFSIGNALED(os.waitpid(trainer, 0)[1]):
            return ""
        if not self.ended(forked(lambda: walk(again(request)))):
            return "lost"
        return "exact" if fingerprint(request.run) == self.whole else "different"

    def ended(self, process: int) -> bool:
        return os.waitpid(process, 0)[1] == 0


def walk(events: Iterator[Event]) -> None:
    for _ in events:
        continue
