"""A run that knows what is unknown to it."""

from pathlib import Path

import torch

from finetuner.engine.backbones.deployed import load_best
from finetuner.engine.backbones.unknown import METHOD, Strangeness
from finetuner.engine.events import Predicted
from finetuner.engine.prediction.predict import predict
from finetuner.engine.requests import PredictRequest
from finetuner.engine.run_store.unknown import keep


def learn_half(run: Path) -> None:
    """Let about half of the run's own images be unknown to it."""
    torch.manual_seed(0)
    width = load_best(run).network.head.in_features
    score = Strangeness.among(torch.rand(20, width), torch.rand(12, width), torch.randn(12, 3))
    keep(run, METHOD, [0.0, 1.0], score.saved(), 0.5)
    events = predict(PredictRequest(model=run, source=run.parent / "data"))
    found = sorted(row.unknown_score for event in events if isinstance(event, Predicted) for row in event.rows)
    keep(run, METHOD, found, score.saved(), 0.5)
