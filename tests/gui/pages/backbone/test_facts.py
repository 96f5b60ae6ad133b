from finetuner.gui.pages.backbone.facts import facts
from tests.gui.pages.backbone.rows import row


def test_every_number_says_where_it_comes_from():
    known = {
        "top1": 72.94,
        "top1_size": 256,
        "gmacs": 0.3,
        "milliseconds": 8.2,
        "measured_on": "cuda",
        "memory_mb": 2560,
    }
    told = facts(row("a", **known))
    assert "72.9 % on ImageNet at 256 pixels (timm's table of results)" in told
    assert "8.2 ms an image here (cuda)" in told
    assert "about 2.6 GB to train every layer, 32 images a step" in told
    assert "torchvision's documentation" in facts(row("a", source="torchvision", top1=80.0))


def test_what_is_not_known_is_left_out():
    told = facts(row("a", licence="", permission="none"))
    assert told == "3.5 M parameters  ·  input 224 × 224 pixels"


def test_weights_at_hand_say_where_they_are():
    assert facts(row("a", "in the box")).startswith("3.5 M parameters")
    assert "weights in the box" in facts(row("a", "in the box"))
    assert "weights" not in facts(row("a"))
