import pytest
import torch
from torch import Tensor

from finetuner.engine.dataset.preprocessing import Preprocessing
from finetuner.engine.training.input import InputStage


@pytest.mark.parametrize(("kind", "waits"), [("cuda", False), ("mps", True)])
def test_only_cuda_copies_while_memory_may_be_let_go(kind: str, waits: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of what an Apple GPU copies later, the memory may be another image's by then."""
    stage, waited, whole = InputStage(Preprocessing(input_size=16), torch.device("cpu")), list[bool](), torch.Tensor.to

    def to(images: Tensor, *target: object, non_blocking: bool = False, **options: object) -> Tensor:
        if target != (torch.device(kind),):
            return whole(images, *target, **options)  # type: ignore[call-overload, no-any-return]
        waited.append(not non_blocking)
        return images

    stage._device = torch.device(kind)
    monkeypatch.setattr(torch.Tensor, "to", to)
    assert stage(torch.zeros(2, 3, 16, 16, dtype=torch.uint8)).shape == (2, 3, 16, 16)
    assert waited == [waits]
