"""One contract for every family of the shelf. `python -m benchmarks families` writes its table, exports included."""

import pytest

from benchmarks.family_cases import Case, families
from benchmarks.family_checks import QUICK


@pytest.mark.parametrize("case", families(), ids=lambda case: case.family)
def test_a_network_of_each_family_is_cut_planned_trained_and_explained(case: Case) -> None:
    with case.built() as network:
        for check in QUICK.values():
            check(network)
