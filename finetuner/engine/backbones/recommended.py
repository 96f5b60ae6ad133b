"""A good backbone for each wish. Torch-free.

Chosen from the table: weights that may be used commercially, and that hardly any others of their cost surpass in
published ImageNet accuracy. Behind each name stand that accuracy, GMACs, and milliseconds of one thread of a
server's processor (one image, the fastest of seven): what counts on a CPU is these, not GMACs alone.
"""

from collections.abc import Callable

from finetuner.engine.backbones.shelf import Entry, by_name

# the first that is on this disk is taken, else the first
RECOMMENDED: dict[str, tuple[str, ...]] = {
    "fast": (
        "mobilenetv3_large_100.miil_in21k_ft_in1k",  # 77.9 %, 0.22 GMACs, 16 ms
        "mobilenetv4_conv_small.e2400_r224_in1k",  # 73.7 %, 0.19 GMACs, 11 ms
        "mobilenetv2_100.ra_in1k",  # 72.9 %, 0.30 GMACs, 17 ms
        "efficientnet_b0.ra4_e3600_r224_in1k",  # 78.6 %, 0.39 GMACs, 26 ms
        "resnet18.a1_in1k",  # 71.5 %, 1.8 GMACs, 48 ms
    ),
    "balanced": (
        "convnext_nano.in12k_ft_in1k",  # 82.3 %, 2.4 GMACs, 76 ms; no batch norm, so small batches do no harm
        "hgnetv2_b3.ssld_stage2_ft_in1k",  # 82.9 %, 1.8 GMACs, 61 ms
        "resnet50.a1_in1k",  # 80.4 %, 4.1 GMACs, 122 ms
    ),
    "accurate": (
        "tiny_vit_21m_224.dist_in22k_ft_in1k",  # 85.1 %, 4.2 GMACs, 153 ms
        "convnext_small.in12k_ft_in1k",  # 85.2 %, 8.7 GMACs, 252 ms
        "convnext_tiny.in12k_ft_in1k",  # 84.2 %, 4.5 GMACs, 133 ms
        "vit_base_patch16_clip_224.laion2b_ft_in12k_in1k",  # 86.2 %, 17.6 GMACs, 423 ms
    ),
}


def recommended(available: Callable[[Entry], bool]) -> dict[str, Entry]:
    """The backbone for each wish, those on this disk before those that must be downloaded."""
    return {wish: _first([by_name()[name] for name in names], available) for wish, names in RECOMMENDED.items()}


def _first(entries: list[Entry], available: Callable[[Entry], bool]) -> Entry:
    return next((entry for entry in entries if available(entry)), entries[0])
