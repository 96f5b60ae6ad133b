"""The table of docs/families.md: one network of each family, and those promised by name, through every check.

`python -m benchmarks families --out docs/families.md`. Random weights, three drawn pictures, one network at a time.
"""

import argparse
import gc
import sys
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from benchmarks.family_cases import WITHOUT_HEAD, Case, families, named
from benchmarks.family_checks import CHECKS
from benchmarks.table import machine, markdown
from finetuner.engine.backbones.network import Network

HEADER = ("family", "network", "parameters (M)", "image", *CHECKS, "what fails")

PAGE = """# Which networks work

{passed} of {tried} networks pass every check. One network stands for each family of the shelf, the smallest one; those
that Finetuner promises by name follow in their full size. Weights are random, images small, since nothing here speaks
of accuracy: the question is whether a network is cut into blocks, planned, trained, explained and exported. What is
written behind a name was made smaller.

| column | what was checked |
| --- | --- |
| blocks | how many; every parameter is in one of them, and they are used in their order, from stem to head |
| features | how many; the head applied to them gives the logits, so a probe can solve it |
| Grad-CAM layer | the layer that is looked at, and its places; some of them speak for a class |
| opens in timm | `timm.create_model("local-dir:RUN/best", pretrained=True)` gives the same logits |
| ONNX differs by | the largest difference of a logit between onnxruntime and the app, over the largest logit |
| strategies | how many draw a plan; in each phase exactly the planned blocks can learn |
| loss of a step | a step of `full` reaches every block, a step of `freeze` only the open ones |

ONNX may differ by a thousandth, or by a tenth of what a single level in a single pixel does to the logits: some deep
networks of random weights swell the smallest rounding.

The test suite runs all of it but the two exports for every family, and the ONNX export for a small network of each kind
that is promised by name. `python -m benchmarks families --out docs/families.md` runs everything and writes this page;
the last time on {machine}.

## Families

{families}

## Promised by name

{named}

## What cannot work

{impossible} are encoders of language models, published without a classifier: they
answer with a sequence of tokens or with maps for a decoder. Each stands on the shelf a second time with a head, under
its name without `_enc`; choose that one.
"""


@dataclass(frozen=True)
class Finding:
    """What became of one network."""

    case: Case
    cells: dict[str, str]
    failure: str

    def row(self) -> Sequence[object]:
        shown = ("parameters (M)", *CHECKS)
        cells = {name: self.cells.get(name, "") for name in shown}
        return (self.case.family, self.case.title, cells.pop(shown[0]), self.case.size, *cells.values(), self.failure)


def measure(arguments: argparse.Namespace) -> None:
    """Try every network; print the page, or write it."""
    warnings.simplefilter("ignore")
    page = written([tried(case) for case in told(families())], [tried(case) for case in told(named())])
    if arguments.out:
        arguments.out.write_text(page, "utf-8")
    else:
        print(page)


def written(of_families: list[Finding], of_named: list[Finding]) -> str:
    """The page."""
    both = of_families + of_named
    return PAGE.format(
        passed=sum(not finding.failure for finding in both),
        tried=len(both),
        machine=machine(),
        families=markdown(HEADER, (finding.row() for finding in of_families)),
        named=markdown(HEADER, (finding.row() for finding in of_named)),
        impossible=", ".join(f"`{name}`" for name in WITHOUT_HEAD),
    )


def told(cases: list[Case]) -> Iterator[Case]:
    """The cases, each named on stderr before it is tried."""
    for number, case in enumerate(cases, 1):
        print(f"{number}/{len(cases)} {case.family} {case.name}", file=sys.stderr, flush=True)
        yield case


def tried(case: Case) -> Finding:
    """One network through every check; all are left out where it cannot be built."""
    cells: dict[str, str] = {}
    failures: list[str] = []
    gc.collect()
    try:
        with case.built() as network:
            cells["parameters (M)"] = f"{sum(network.block_parameters) / 1e6:.1f}"
            failures = list(_checked(network, cells))
    except Exception as error:  # noqa: BLE001  whatever it is, it is the finding
        failures.append(f"building: {_short(error)}")
    for failure in failures:
        print(f"    {failure}", file=sys.stderr, flush=True)
    return Finding(case, cells, "; ".join(failures))


def _checked(network: Network, cells: dict[str, str]) -> Iterator[str]:
    """Fill the cells; yield what failed."""
    for name, check in CHECKS.items():
        try:
            cells[name] = check(network)
        except Exception as error:  # noqa: BLE001  whatever it is, it is the finding
            cells[name] = "fails"
            yield f"{name}: {_short(error)}"


def _short(error: Exception) -> str:
    return f"{type(error).__name__} {error}".replace("\n", " ").replace("|", "/")[:200]
