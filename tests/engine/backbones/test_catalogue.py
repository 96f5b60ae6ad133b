import subprocess
import sys
from dataclasses import replace

import pytest

from finetuner.engine.backbones import names, on_disk, shelf, speeds
from finetuner.engine.backbones.catalogue import Rows, catalogue
from finetuner.engine.backbones.recommended import RECOMMENDED
from finetuner.engine.backbones.sources import SOURCES
from finetuner.engine.backbones.speeds import Condition
from finetuner.engine.errors import FinetunerError
from finetuner.engine.events import BackboneRow, CatalogueListed, Notice
from finetuner.engine.requests import CatalogueRequest
from tests.engine.backbones.tiny import put_into_hub_cache, weight_file


def rows(**options: str | bool) -> tuple[BackboneRow, ...]:
    *_, listed = catalogue(CatalogueRequest.model_validate(options))
    assert isinstance(listed, CatalogueListed)
    return listed.rows


def test_the_shelf_is_long_and_names_are_unique() -> None:
    listed = [row.name for row in rows()]
    assert len(listed) > 1400
    assert len(set(listed)) == len(listed)


def test_listing_it_imports_no_torch() -> None:
    code = (
        "import sys; from finetuner.engine.backbones.catalogue import catalogue\n"
        "from finetuner.engine.requests import CatalogueRequest\n"
        "list(catalogue(CatalogueRequest()))\n"
        "print({'torch', 'timm', 'torchvision', 'huggingface_hub', 'numpy'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


def test_every_word_of_a_search_must_occur() -> None:
    found = rows(search="mobilenetv2 100")
    assert found
    assert all("mobilenetv2" in row.name and "100" in row.name for row in found)


def test_a_search_without_result_suggests_names() -> None:
    told, listed = catalogue(CatalogueRequest(search="mobilnetv2_100"))
    assert isinstance(told, Notice)
    assert "mobilenetv2_100" in told.next_step
    assert isinstance(listed, CatalogueListed)
    assert not listed.rows


@pytest.mark.parametrize("source", ["timm", "torchvision"])
def test_one_source_alone(source: str) -> None:
    assert {row.source for row in rows(source=source)} == {source}


def test_an_unknown_source_answers_with_the_menu() -> None:
    with pytest.raises(FinetunerError, match="Choose from bundled, timm, torchvision, classic, local"):
        rows(source="keras")


def test_what_is_on_disk_is_known_without_asking_anybody() -> None:
    assert [(row.name, row.where) for row in rows(available=True)] == [("starter", "in the box")]
    put_into_hub_cache("timm/test_resnet.r160_in1k", "test_resnet")
    weight_file(on_disk.weights_dir(), "test_vit").rename(on_disk.weights_dir() / "test_vit.mine.safetensors")
    weight_file(on_disk.weights_dir(), "test_vit").rename(on_disk.weights_dir() / "unheard-of.safetensors")
    cached = on_disk.torch_cache() / "resnet18-f37072fd.pth"
    cached.parent.mkdir(parents=True)
    cached.touch()
    found = [(row.name, row.source, row.where) for row in rows(available=True)]
    assert found == [
        ("test_vit.mine", "local", "on disk"),
        ("test_resnet.r160_in1k", "timm", "on disk"),
        ("torchvision/resnet18", "torchvision", "on disk"),
        ("starter", "bundled", "in the box"),
    ]


def test_a_row_tells_size_licence_and_where() -> None:
    row = next(row for row in rows() if row.name == "mobilenetv2_100.ra_in1k")
    assert (row.parameters, row.input_size, row.licence) == (3_504_872, 224, "apache-2.0")
    assert row.where == "download 14 MB"


def test_licences_that_forbid_commerce_are_marked() -> None:
    marked = [row for row in rows() if "cc-by-nc" in row.licence]
    assert marked
    assert {row.permission for row in marked} == {"non-commercial"}
    assert all("not for commercial use" in row.note for row in marked)


@pytest.mark.parametrize(
    ("name", "allows", "note"),
    [
        ("res2net50d.in1k", "unknown", "not known"),
        ("vit_small_patch16_dinov3.lvd1689m", "own-terms", "licence of its own"),
        ("lenet5", "none", ""),
    ],
)
def test_what_is_not_free_says_so(name: str, allows: str, note: str) -> None:
    (row,) = (row for row in rows() if row.name == name)
    assert row.permission == allows
    assert note in row.note


def test_a_row_tells_what_the_backbone_costs() -> None:
    row = next(row for row in rows() if row.name == "mobilenetv2_100.ra_in1k")
    assert (row.gmacs, row.top1, row.top1_size, row.milliseconds) == (0.3008, 72.936, 224, None)
    assert row.memory_mb == pytest.approx(2911, rel=0.01)


def test_measured_speeds_are_shown_with_their_condition() -> None:
    speeds.remember(Condition(device="cpu", threads=2, torch=speeds.installed_torch()), "mobilenetv2_100", 224, 8.25)
    timed = [row for row in rows(search="mobilenetv2_100") if row.milliseconds]
    assert {(row.architecture, row.milliseconds, row.measured_on) for row in timed} == {
        ("mobilenetv2_100", 8.25, "cpu, 2 threads")
    }


def test_the_recommended_are_marked() -> None:
    wishes = {row.recommended: row.name for row in rows() if row.recommended}
    assert wishes == {wish: names[0] for wish, names in RECOMMENDED.items()}


def test_a_large_download_is_told_in_gigabytes() -> None:
    row = next(row for row in rows() if row.name == "vit_7b_patch16_dinov3.lvd1689m")
    assert (row.where, row.availability) == ("download 26.9 GB", "download")


def test_what_came_with_the_program_is_in_the_box() -> None:
    path = weight_file(on_disk.weights_dir(), "test_vit")
    bundled = replace(names.find("test_vit"), source="bundled", path=path)
    row = Rows().row(bundled)
    assert (row.where, row.available) == ("in the box", True)


def test_networks_without_a_linear_head_are_marked() -> None:
    row = next(row for row in rows() if row.name == "mobilenetv5_300m_enc")
    assert "cannot be trained here" in row.note


def test_a_hub_file_is_found_only_in_a_complete_snapshot() -> None:
    path = put_into_hub_cache("timm/test_resnet.r160_in1k", "test_resnet")
    assert on_disk.hub_file("timm/test_resnet.r160_in1k") == path
    (on_disk.hub_cache() / "models--timm--test_resnet.r160_in1k" / "refs" / "main").write_text("../../elsewhere")
    assert on_disk.hub_file("timm/test_resnet.r160_in1k") is None


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("mobilenetv2_100", "mobilenetv2_100.ra_in1k"),
        ("timm/resnet18", "resnet18.a1_in1k"),
        ("resnet18.tv_in1k", "resnet18.tv_in1k"),
        ("torchvision/resnet18", "torchvision/resnet18"),
        ("shufflenet_v2_x1_0", "torchvision/shufflenet_v2_x1_0"),
    ],
)
def test_names_are_those_of_timm_and_torchvision(asked: str, found: str) -> None:
    assert names.find(asked).name == found


def test_a_wrong_name_answers_with_the_closest_right_ones() -> None:
    with pytest.raises(FinetunerError, match=r"Did you mean .*mobilenetv2_100"):
        names.find("mobilenet_v2_100")


def test_each_source_of_the_shelf_can_build() -> None:
    assert {entry.source for entry in shelf.entries()} <= SOURCES.keys()
