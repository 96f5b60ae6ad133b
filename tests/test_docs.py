"""The documentation is true: links lead somewhere, commands are understood, and the example strategy works."""

import re
import shlex
from pathlib import Path

import pytest
from cyclopts import CycloptsError

from finetuner.cli.app import build_app
from finetuner.engine.job import StrategyPart
from finetuner.engine.strategies.plan import Strategy

ROOT = Path(__file__).resolve().parents[1]
PAGES = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
LINK = re.compile(r"\]\(([^)#]+)")
BLOCK = re.compile(r"```(\w+)\n(.*?)```", re.DOTALL)


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def blocks(page: Path, language: str) -> list[str]:
    return [text for kind, text in BLOCK.findall(page.read_text("utf-8")) if kind == language]


def commands(page: Path) -> list[list[str]]:
    """Every `finetuner VERB ...` in the page's shell blocks, as arguments."""
    lines = (line.strip().removeprefix("if ") for block in blocks(page, "sh") for line in block.splitlines())
    ours = (re.split("[;>]", line)[0] for line in lines if line.startswith("finetuner "))
    return [shlex.split(line, comments=True)[1:] for line in ours]


COMMANDS = [pytest.param(command, id=" ".join(command)) for page in PAGES for command in commands(page)]


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_links_lead_somewhere(page: Path) -> None:
    links = (link for link in LINK.findall(page.read_text("utf-8")) if "://" not in link)
    assert [link for link in links if not (page.parent / link).exists()] == []


@pytest.mark.parametrize("arguments", COMMANDS)
def test_the_command_line_understands_every_command(arguments: list[str]) -> None:
    try:
        build_app().parse_args(arguments, exit_on_error=False, print_error=False)
    except CycloptsError as error:
        pytest.fail(str(error))


@pytest.mark.parametrize("depth", [2, 5, 20])
def test_the_example_strategy_draws_a_plan(depth: int) -> None:
    (source,) = blocks(ROOT / "docs/how-to/add-a-strategy.md", "python")
    example: dict[str, object] = {}
    exec(compile(source, "add-a-strategy.md", "exec"), example)
    strategy = example["STRATEGY"]
    assert isinstance(strategy, Strategy)
    plan = strategy.plan(tuple(f"block{number}" for number in range(depth)), StrategyPart())
    assert all(phase.rates[-1] for phase in plan.phases)
