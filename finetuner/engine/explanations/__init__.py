"""What does the network see, and why does it answer so? One file per method.

    explain.py      explain(request): images in, pictures as PNG out
    judge.py        judge(request): may a map that was drawn be believed?
    layers.py       layers(request): at which layers one may look
    explanation.py  what a method must offer
    attribution/    why this class here: one map for each image
    inside/         what a layer holds: filters, feature maps, what a channel likes best
    fragile/        how small a change makes the network answer otherwise
    trust.py        may a map be believed?
    concepts/       does an idea of one's own matter for a class? A share and its significance, no picture
    play/           a picture in the manner of another
    watching.py     training, with an image whose answer and map are kept after each epoch
    habits/         what does each class hang on? the average map, and which place decides

    subject.py      a run's model and an image, opened
    tap.py          one layer's output and its gradient, by hooks that are gone after the `with` block
    target.py       which layer to look at, told from a forward pass
    layout.py       feature maps, channels-last maps and tokens as one shape: N, C, h, w
    gradients.py    of a class by the pixels
    passes.py       the answers for many versions of an image, batch by batch
    pixels.py       where black and white are after normalisation
    progress.py     a method's steps as events
    render.py       heat on a photo
    tiles.py        small pictures side by side
    keep.py         PNG files that say what they show, and maps as they are

To add a method: write one file with a class that fits `explanation.Explanation` (a map) or `explanation.Drawing` (a
picture), add one line here. The page's menu, the flag's choices and the contract test read this dict.
"""

from dataclasses import dataclass
from typing import Literal

Group = Literal["why", "layer", "fragile"]

GROUPS: dict[Group, str] = {
    "why": "Why this class here?",
    "layer": "What does a layer hold?",
    "fragile": "How fragile is the answer?",
}
"""The questions, in the order of the menu."""


@dataclass(frozen=True)
class Entry:
    """A line of the menu: its class as "module:Name", which question it answers, its name as its authors write it.

    `at_layer`: it looks at one layer, which may be chosen. `signed`: its map also tells what speaks against the class.
    `draws`: "map", heat on the photo, or "picture", an image of its own.
    """

    target: str
    group: Group
    title: str
    at_layer: bool = False
    signed: bool = False
    draws: Literal["map", "picture"] = "map"


_WHY = "finetuner.engine.explanations.attribution"
_INSIDE = "finetuner.engine.explanations.inside"
_FRAGILE = "finetuner.engine.explanations.fragile"

EXPLANATIONS: dict[str, Entry] = {
    "grad-cam": Entry(f"{_WHY}.grad_cam:GradCam", "why", "Grad-CAM", at_layer=True),
    "grad-cam++": Entry(f"{_WHY}.grad_cam_plus_plus:GradCamPlusPlus", "why", "Grad-CAM++", at_layer=True),
    "layer-cam": Entry(f"{_WHY}.layer_cam:LayerCam", "why", "Layer-CAM", at_layer=True),
    "cam": Entry(f"{_WHY}.cam:Cam", "why", "CAM", at_layer=True),
    "saliency": Entry(f"{_WHY}.saliency:Saliency", "why", "Saliency"),
    "smoothgrad": Entry(f"{_WHY}.smoothgrad:SmoothGrad", "why", "SmoothGrad"),
    "guided-backprop": Entry(f"{_WHY}.guided_backprop:GuidedBackprop", "why", "Guided backpropagation"),
    "guided-grad-cam": Entry(f"{_WHY}.guided_grad_cam:GuidedGradCam", "why", "Guided Grad-CAM", at_layer=True),
    "deconvnet": Entry(f"{_WHY}.deconvnet:Deconvnet", "why", "Deconvnet"),
    "integrated-gradients": Entry(
        f"{_WHY}.integrated_gradients:IntegratedGradients", "why", "Integrated gradients", signed=True
    ),
    "integrated-gradients-blurred": Entry(
        f"{_WHY}.integrated_gradients:FromBlurred", "why", "Integrated gradients from a blurred image", signed=True
    ),
    "integrated-gradients-noise": Entry(
        f"{_WHY}.integrated_gradients:FromNoise", "why", "Integrated gradients from noise", signed=True
    ),
    "gradient-shap": Entry(f"{_WHY}.gradient_shap:GradientShap", "why", "GradientSHAP", signed=True),
    "shap": Entry(f"{_WHY}.kernel_shap:KernelShap", "why", "KernelSHAP on superpixels", signed=True),
    "occlusion": Entry(f"{_WHY}.occlusion:Occlusion", "why", "Occlusion", signed=True),
    "rise": Entry(f"{_WHY}.rise:Rise", "why", "RISE", signed=True),
    "lrp": Entry(f"{_WHY}.lrp:LrpComposite", "why", "LRP, composite", signed=True),
    "lrp-epsilon": Entry(f"{_WHY}.lrp:LrpEpsilon", "why", "LRP-ε", signed=True),
    "lrp-gamma": Entry(f"{_WHY}.lrp:LrpGamma", "why", "LRP-γ", signed=True),
    "filters": Entry(f"{_INSIDE}.filters:Filters", "layer", "Filters", at_layer=True, draws="picture"),
    "feature-maps": Entry(
        f"{_INSIDE}.feature_maps:FeatureMaps", "layer", "Feature maps", at_layer=True, draws="picture"
    ),
    "attention-rollout": Entry(f"{_INSIDE}.attention_rollout:AttentionRollout", "layer", "Attention rollout"),
    "activation-maximisation": Entry(
        f"{_INSIDE}.activation_maximisation:ActivationMaximisation",
        "layer",
        "Activation maximisation",
        at_layer=True,
        draws="picture",
    ),
    "deepdream": Entry(f"{_INSIDE}.deepdream:DeepDream", "layer", "DeepDream", at_layer=True, draws="picture"),
    "most-activating": Entry(
        f"{_INSIDE}.most_activating:MostActivating", "layer", "Most activating images", at_layer=True, draws="picture"
    ),
    "fgsm": Entry(f"{_FRAGILE}.fgsm:Fgsm", "fragile", "FGSM", draws="picture"),
    "pgd": Entry(f"{_FRAGILE}.pgd:Pgd", "fragile", "PGD", draws="picture"),
}
