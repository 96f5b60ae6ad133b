from finetuner.engine.backbones import names
from finetuner.engine.backbones.download.hub import Hub
from finetuner.engine.backbones.download.origin import origin_of
from finetuner.engine.backbones.download.torchvision_files import TorchvisionFiles


def test_each_entry_has_its_place() -> None:
    assert isinstance(origin_of(names.find("resnet18.a1_in1k")), Hub)
    assert isinstance(origin_of(names.find("torchvision/resnet18")), TorchvisionFiles)
