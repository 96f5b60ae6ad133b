"""How often two models differ on the same frames."""

from collections import OrderedDict

from finetuner.engine.prediction.stream import LiveAnswer

_REMEMBERED = 64
"""Frames that wait for the other model's answer; with more, a model that lags far behind would be waited for."""


class Disagreement:
    """`add(model, answer)` for model 0 and 1. Only frames that both answered are counted, by what is told of them."""

    def __init__(self) -> None:
        self.frames = self.differed = 0
        self._waiting: tuple[OrderedDict[float, object], OrderedDict[float, object]] = OrderedDict(), OrderedDict()

    @property
    def share(self) -> float:
        """0 until both have answered a frame."""
        return self.differed / self.frames if self.frames else 0.0

    def add(self, model: int, answer: LiveAnswer) -> None:
        """What one of them told of a frame; frames are known by when they arrived."""
        told = answer.label if answer.state == "answered" else answer.state
        mine, others = self._waiting[model], self._waiting[1 - model]
        if answer.arrived in others:
            self.frames += 1
            self.differed += others.pop(answer.arrived) != told
        else:
            mine[answer.arrived] = told
            if len(mine) > _REMEMBERED:
                mine.popitem(last=False)
