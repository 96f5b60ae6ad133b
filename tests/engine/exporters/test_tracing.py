"""Architectures that torch's exporter cannot translate as they are."""

import pytest

from benchmarks.family_cases import Case
from benchmarks.family_checks import onnx_agrees

CASES = (
    Case("hiera", "hiera_tiny_224", 64, {"stages": (1, 1, 1, 1)}),
    Case("nest", "nest_tiny"),
    Case("gemma4_vit", "gemma4_vit_167m", 96, {"depth": 1}),
)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.family)
def test_it_is_exported_all_the_same(case: Case) -> None:
    with case.built() as network:
        fused = [getattr(module, "fused_attn", None) for module in network.model.modules()]
        onnx_agrees(network)
        assert fused == [getattr(module, "fused_attn", None) for module in network.model.modules()]
