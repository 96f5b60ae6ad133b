"""What a method's picture means, what it does not, and how far it may be believed."""

from PySide6.QtCore import QCoreApplication

from finetuner.engine.events import Explained, Trust
from finetuner.engine.explanations import EXPLANATIONS

_COARSE = " It is coarse: read regions, not outlines. Dimmed parts are not shown to the network."
_SIGNED = " Red speaks for it, blue against it."
_MEANINGS = {
    "grad-cam": (
        "The warmer an area, the more it speaks for {label}, as seen at {layer}, the last layer that still knows where"
        " things are." + _COARSE
    ),
    "grad-cam++": "As Grad-CAM at {layer}, but several or small things of {label} each get their share." + _COARSE,
    "layer-cam": (
        "The warmer a place, the more of what {layer} holds there speaks for {label}. At an earlier layer it becomes"
        " finer, and tells of parts rather than of things."
    ),
    "cam": "What {layer} holds, weighed as the head weighs it for {label}: exact for this network." + _COARSE,
    "saliency": (
        "Bright pixels are those where a small change would change {label} most. It is grainy, and says nothing about"
        " what made the network decide: a pixel that it is sure of can stay dark."
    ),
    "smoothgrad": (
        "Saliency for {label}, averaged over noisy versions of the image. Less grain, the same limits: it shows where"
        " the answer is touchy, not why it came about."
    ),
    "guided-backprop": (
        "Fine lines that raise {label} on their way back through the network. It mostly redraws the edges of the image,"
        " hardly depends on the class, and must not be trusted alone."
    ),
    "guided-grad-cam": (
        "Fine lines, only where Grad-CAM at {layer} is warm for {label}. The place can be trusted as Grad-CAM can; the"
        " lines are edges of the image."
    ),
    "deconvnet": (
        "What speaks for {label}, projected back to the pixels. It shows which edges the network can see, not which"
        " ones it decides by, and must not be trusted alone."
    ),
    "integrated-gradients": (
        "What each pixel adds to {label} while the image emerges from black." + _SIGNED + " The sum is exact, but black"
        " pixels can never matter here."
    ),
    "integrated-gradients-blurred": (
        "What each pixel adds to {label} while the image comes into focus." + _SIGNED + " It tells of detail; the broad"
        " colours are there from the beginning."
    ),
    "integrated-gradients-noise": (
        "What each pixel adds to {label} while the image emerges from noise, the mean over two." + _SIGNED + " No"
        " colour is left out, at the price of some grain."
    ),
    "gradient-shap": (
        "What each pixel adds to {label} as against plain backgrounds of every colour." + _SIGNED + " It is an estimate"
        " from 64 samples, so read regions, not single pixels."
    ),
    "shap": (
        "How much each area of like colour adds to {label}, taken away in many combinations." + _SIGNED + " Nothing"
        " finer than an area is told apart, and what is taken away becomes grey, which is a picture of its own."
    ),
    "occlusion": (
        "What {label} loses when a small square is covered in grey." + _SIGNED + " It asks the network itself, but sees"
        " no two parts that could stand in for each other."
    ),
    "rise": (
        "Whether {label} becomes likelier when a place may be seen, from 512 random masks." + _SIGNED + " It asks the"
        " network itself; single specks are chance."
    ),
    "lrp": (
        "The answer {label}, handed back layer by layer to the pixels." + _SIGNED + " Its rules favour what agrees,"
        " which is easy to read and changes little with the class."
    ),
    "lrp-epsilon": (
        "The answer {label}, handed back layer by layer by the plainest rule." + _SIGNED + " Faithful and grainy: parts"
        " that cancel out are shown in full."
    ),
    "lrp-gamma": (
        "The answer {label}, handed back layer by layer; what speaks for it weighs a quarter more." + _SIGNED + " Less"
        " grain than the plain rule."
    ),
    "filters": (
        "The weights of the layer that sees the image, each filter as a small picture. Edges and colours speak of good"
        " training, noise of little. They say nothing about this image or {label}."
    ),
    "feature-maps": (
        "What the strongest channels answer to this image, place by place; bright is much. One channel is rarely one"
        " thing, and a strong answer need not matter for {label}."
    ),
    "attention-rollout": (
        "Where attention comes from, followed through all layers. It is the same for {label} as for any class:"
        " attention is what was looked at, not what was decided by."
    ),
    "activation-maximisation": (
        "An image painted from noise that speaks for {label} more than any photo. It shows what the network looks for,"
        " textures mostly; no such thing need exist."
    ),
    "deepdream": (
        "The photo with more of what a layer sees in it. It shows what that layer knows, whether or not it matters for"
        " {label}."
    ),
    "most-activating": (
        "A row for each of the channels that answer most here: the validation images to which they answer most. What a"
        " row has in common is what the channel may stand for."
    ),
    "fgsm": (
        "The photo, the changed photo, and the change, magnified. One step in the worst direction; a better one may"
        " exist, so it bounds how safe {label} is from above."
    ),
    "pgd": (
        "The photo, the changed photo, and the change, magnified. Many small steps find smaller changes than one;"
        " still a bound from above on how safe {label} is."
    ),
}
_ANY_MEANING = "The warmer an area, the more it matters for {label}. Seen at {layer}."


def title(method: str) -> str:
    """The method's name as its authors write it; the menu's own word where nothing is known."""
    return EXPLANATIONS[method].title if method in EXPLANATIONS else method


def meaning(method: str, label: str, layer: str) -> str:
    """What the picture of this method says, in a sentence or two."""
    sentence = _MEANINGS.get(method, _ANY_MEANING)
    return QCoreApplication.translate("Methods", sentence).format(label=label, layer=layer)


def about(method: str) -> str:
    """The same before anything is asked."""
    label, layer = (QCoreApplication.translate("Methods", words) for words in ("the class", "a layer"))
    return meaning(method, label, layer)


def answer(explained: Explained) -> str:
    """The class a picture speaks of, as likely as the network finds it, and the layer that was looked at."""
    where = f"  ·  {explained.layer}" if explained.layer else ""
    return f"{explained.label}  {100 * explained.probability:.1f} %{where}"


def longest_verdict() -> str:
    """As much as there can be to read below a picture."""
    trust = Trust(
        deletion=0.5, insertion=0.5, deletion_by_chance=0.5, insertion_by_chance=0.5, likeness=-0.5,
        sentence="The map changes with what the network learned; whether the answer hangs on it is not clear at all.",
    )  # fmt: skip
    return f"-\n{trust.sentence} {figures(trust)}"


def figures(trust: Trust) -> str:
    """The figures behind a verdict, each beside that by chance."""
    sentence = (
        "Deletion {deletion:.2f} (chance {deletion_by_chance:.2f}), insertion {insertion:.2f} (chance"
        " {insertion_by_chance:.2f}), likeness after randomising {likeness:.2f}."
    )
    return QCoreApplication.translate("Methods", sentence).format(**trust.model_dump())
