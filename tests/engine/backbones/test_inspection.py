from pathlib import Path

import pytest

from finetuner.engine.backbones.inspection import inspect_weights
from finetuner.engine.errors import FinetunerError
from finetuner.engine.events import WeightsInspected
from finetuner.engine.requests import InspectWeightsRequest
from tests.engine.backbones.tiny import weight_file


def test_a_weight_file_tells_its_network(tmp_path: Path) -> None:
    *_, told = inspect_weights(InspectWeightsRequest(weights=weight_file(tmp_path, "test_efficientnet")))
    assert isinstance(told, WeightsInspected)
    assert told.backbone == "test_efficientnet"
    assert told.loaded == told.total > 0


def test_a_wrong_file_gets_a_sentence(tmp_path: Path) -> None:
    request = InspectWeightsRequest(weights=weight_file(tmp_path, "test_vit"), backbone="test_resnet")
    with pytest.raises(FinetunerError, match=r"test_vit\.safetensors was not loaded\. These are test_vit weights"):
        list(inspect_weights(request))
