"""What is wished for: one picture, and all that is known of it so far."""

from dataclasses import dataclass, field, replace
from pathlib import Path

from finetuner.engine.events import Explained, Trust
from finetuner.engine.explanations import EXPLANATIONS

_PASSES = {
    "filters": 0,
    "grad-cam": 1,
    "grad-cam++": 1,
    "layer-cam": 1,
    "cam": 1,
    "saliency": 1,
    "guided-backprop": 1,
    "deconvnet": 1,
    "feature-maps": 1,
    "attention-rollout": 1,
    "guided-grad-cam": 2,
    "lrp": 3,
    "lrp-epsilon": 3,
    "lrp-gamma": 3,
    "fgsm": 17,
    "deepdream": 30,
    "smoothgrad": 32,
    "gradient-shap": 64,
    "integrated-gradients-blurred": 97,
    "integrated-gradients": 98,
    "activation-maximisation": 128,
    "occlusion": 196,
    "pgd": 200,
    "integrated-gradients-noise": 257,
    "most-activating": 258,
    "rise": 512,
    "shap": 514,
}
_UNKNOWN = 600


@dataclass(frozen=True)
class Wish:
    """One picture: equal wishes have the same answer. The image is known by its content, wherever it lies.

    `label` None asks for the predicted class, `layer` None for the usual one.
    """

    run: Path
    content: str
    method: str
    label: str | None
    layer: str | None
    image: Path = field(compare=False)


@dataclass(frozen=True)
class Finding:
    """What is known of a wish: its picture, or why there is none; then the verdict on it, or why there is none."""

    explained: Explained | None = None
    refusal: str = ""
    trust: Trust | None = None
    doubt: str = ""
    map: Path | None = None

    @property
    def settled(self) -> bool:
        """Whether there is a picture, or never will be one."""
        return self.explained is not None or bool(self.refusal)

    @property
    def to_be_judged(self) -> bool:
        """Whether a map is there whose trust is not known."""
        return self.map is not None and self.explained is not None and self.trust is None and not self.doubt

    def with_refusal(self, sentence: str) -> "Finding":
        """The same when the engine would not: no picture, or no verdict on the one that is there."""
        return replace(self, doubt=sentence) if self.explained else replace(self, refusal=sentence)


def passes(method: str) -> int:
    """About how many times the network is run: the quickest comes first. A method not known here comes last."""
    return _PASSES.get(method, _UNKNOWN)


def wish(run: Path, image: Path, content: str, method: str, label: str | None, layer: str | None) -> Wish:
    """A wish without the layer where the method looks at none, so that the same picture is not made twice."""
    at_layer = method in EXPLANATIONS and EXPLANATIONS[method].at_layer
    return Wish(run, content, method, label, layer if at_layer else None, image)


def draws_map(method: str) -> bool:
    """Whether the method lays heat on the photo, rather than draw a picture of its own."""
    return EXPLANATIONS[method].draws == "map"
