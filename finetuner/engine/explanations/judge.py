"""May a map be believed? Asked when the picture is in sight already, so that nobody waits for the answer."""

from collections.abc import Iterator

from finetuner.engine.backbones.deployed import load_best
from finetuner.engine.events import Event, Judged, Progress
from finetuner.engine.explanations.explanation import explanation
from finetuner.engine.explanations.keep import read_map
from finetuner.engine.explanations.progress import reported
from finetuner.engine.explanations.subject import subject
from finetuner.engine.explanations.trust import judged
from finetuner.engine.requests import JudgeRequest


def judge(request: JudgeRequest) -> Iterator[Event]:
    """Answer a JudgeRequest: Progress..., Judged.

    Raises FinetunerError: no such method, class, layer or map, no model, an unreadable image.
    """
    yield Progress(activity="Opening the model", done=0)
    trained = load_best(request.run)
    asked = subject(request.run, trained, request.image, request.label)
    method = explanation(request.method, asked.pixels)
    trust = yield from reported(judged(asked, method, request.layer, read_map(request.map)), "Checking")
    yield Judged(image=str(request.image), method=request.method, label=asked.label, trust=trust)
