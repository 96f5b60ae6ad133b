from pathlib import Path

import pytest
import torch

from finetuner.engine.errors import FinetunerError
from finetuner.engine.events import Explained, Judged, LayersListed
from finetuner.engine.explanations.explain import explain
from finetuner.engine.explanations.judge import judge
from finetuner.engine.explanations.keep import read_map, save_map, texts_of
from finetuner.engine.explanations.layers import layers
from finetuner.engine.requests import ExplainRequest, JudgeRequest, LayersRequest
from tests.engine.tiny import tiny_run


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny_run(tmp_path_factory.mktemp("judged"))


def test_a_kept_map_is_judged_as_if_it_had_been_at_once(run: Path, tmp_path: Path) -> None:
    image = run.parent / "data" / "ant" / "0.png"
    asked = ExplainRequest(run=run, image=image, out=tmp_path / "a.png", map=tmp_path / "a.map", trust=True)
    *_, at_once = explain(asked)
    assert isinstance(at_once, Explained)
    request = JudgeRequest(
        run=run, image=image, method="grad-cam", label=at_once.label, layer=at_once.layer, map=tmp_path / "a.map"
    )
    *_, later = judge(request)
    assert isinstance(later, Judged)
    assert later.trust == at_once.trust


def test_a_map_comes_back_with_every_digit(tmp_path: Path) -> None:
    found = torch.rand(5, 7)
    save_map(found, tmp_path / "a.map")
    assert torch.equal(read_map(tmp_path / "a.map"), found)


def test_a_file_without_a_map_is_a_sentence(tmp_path: Path) -> None:
    save_map(torch.rand(3), tmp_path / "a.map")
    with pytest.raises(FinetunerError, match="holds no map"):
        read_map(tmp_path / "a.map")


def test_a_file_without_texts_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(b"no picture")
    with pytest.raises(FinetunerError, match="cannot be read"):
        texts_of(tmp_path / "a.png")


def test_a_run_tells_where_its_blocks_end(run: Path) -> None:
    *_, listed = layers(LayersRequest(run=run))
    assert isinstance(listed, LayersListed)
    names = [row.name for row in listed.layers]
    assert names[-1] == listed.usual == "layer4"
    assert {"layer1", "layer2", "layer3"} <= {name.split(".")[0] for name in names}
    assert [row.side for row in listed.layers] == sorted((row.side for row in listed.layers), reverse=True)
