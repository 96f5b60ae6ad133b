"""The small network, and the three questions it is asked while it learns."""

import timm
import torch
from torch import Tensor, nn
from torch.nn import functional

from starter.teacher import MEAN, STD

# of the small networks that timm knows, the one that learned most in the same minutes on two cores
NAME = "mobilenetv3_small_100"
TEMPERATURE = 2.0


class Student(nn.Module):
    """The network without a head, and a linear answer each for: the teacher's features, its classes, the labels."""

    def __init__(self, features: int, logits: int, labels: int) -> None:
        super().__init__()
        self.body = create()
        self.heads = nn.ModuleList(nn.Linear(self.body.head_hidden_size, width) for width in (features, logits, labels))

    def forward(self, planes: Tensor) -> list[Tensor]:
        """Answer the three questions about images n,3,s,s in 0..1."""
        seen = self.body((planes - MEAN) / STD)
        return [head(seen) for head in self.heads]


def create() -> nn.Module:
    """The bare network, n,3,s,s -> n,features."""
    return timm.create_model(NAME, num_classes=0).to(memory_format=torch.channels_last)


def loss(answers: list[Tensor], features: Tensor, logits: Tensor, labels: Tensor) -> Tensor:
    """See as the teacher sees (standardised features), judge as it judges (Hinton et al., 2015), name the class."""
    seen, judged, named = (answer.float() for answer in answers)
    alike = functional.mse_loss(seen, features)
    same = functional.kl_div(
        functional.log_softmax(judged / TEMPERATURE, 1),
        functional.log_softmax(logits / TEMPERATURE, 1),
        reduction="batchmean",
        log_target=True,
    )
    return alike + same * TEMPERATURE**2 / 2 + 0.5 * functional.cross_entropy(named, labels, label_smoothing=0.1)
