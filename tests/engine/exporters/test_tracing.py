import torch
from torch import Tensor, nn

from finetuner.engine.exporters.tracing import trace


class Attentive(nn.Module):
    """Cannot be traced while its attention is fused."""

    def __init__(self, fused: bool) -> None:
        super().__init__()
        self.fused_attn = fused

    def forward(self, images: Tensor) -> tuple[Tensor, Tensor]:
        assert not self.fused_attn
        means = images.to(torch.float32).mean((1, 2))
        return means.softmax(1), means


def test_attention_is_computed_step_by_step_while_it_is_traced() -> None:
    model = nn.Sequential(Attentive(True))
    trace(model, ["image"], ["probabilities", "logits"])
    assert model[0].fused_attn


def test_inputs_and_outputs_are_named_and_sizes_are_free() -> None:
    graph = trace(Attentive(False), ["image"], ["probabilities", "logits"]).graph
    assert [value.name for value in (*graph.input, *graph.output)] == ["image", "probabilities", "logits"]
    assert [axis.dim_param != "" for axis in graph.input[0].type.tensor_type.shape.dim] == [True, True, True, False]
