"""Looking into a weight file before it is used: which network does it fit, and how well?"""

from collections.abc import Iterator

from finetuner.engine.backbones import weights
from finetuner.engine.backbones.network import build
from finetuner.engine.events import Event, Progress, WeightsInspected
from finetuner.engine.job import BackbonePart
from finetuner.engine.requests import InspectWeightsRequest


def inspect_weights(request: InspectWeightsRequest) -> Iterator[Event]:
    """Load the file into the network it names or fits. Yields Progress, WeightsInspected.

    Raises FinetunerError when the file is damaged, hostile, or fits less than 95 % of the network.
    """
    yield Progress(activity="Reading the weights", done=0)
    name = request.backbone or weights.architecture_of(request.weights)
    network = build(BackbonePart(backbone=name, weights=request.weights), classes=2)
    report = network.report
    yield WeightsInspected(
        path=str(request.weights),
        backbone=network.name,
        loaded=report.loaded if report else 0,
        total=report.total if report else 0,
        sentence=network.loaded,
    )
