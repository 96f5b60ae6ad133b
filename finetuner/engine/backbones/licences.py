"""What the licence of published weights allows, in one word. Torch-free. No advice of a lawyer: the text decides."""

from finetuner.engine.events.machine import Permission

# the names that timm gives; `free`: commercial use needs no more than a notice
PERMISSIONS: dict[str, Permission] = {
    "apache-2.0": "free",
    "mit": "free",
    "bsd-3-clause": "free",
    "cc-by-4.0": "free",
    "cc-by-nc-4.0": "non-commercial",
    "apple-amlr": "non-commercial",
    "fair-noncommercial-research-license": "non-commercial",
    "seer-license": "non-commercial",
    "apple-ascl": "own-terms",
    "cvnets-license": "own-terms",
    "dinov3-license": "own-terms",
    "fastvit-license": "own-terms",
    "gemma": "own-terms",
    "mobileone-license": "own-terms",
    "nvidia-open-model-license": "own-terms",
    "qwen-community-1.0": "own-terms",
    "sapiens2-license": "own-terms",
    "unknown": "unknown",
    "": "unknown",
}
_FORBIDS = ("-nc-", "noncommercial", "non-commercial")

NOTES: dict[Permission, str] = {
    "free": "",
    "own-terms": "licence of its own: read it before commercial use",
    "non-commercial": "not for commercial use",
    "unknown": "its licence is not known: ask its authors before commercial use",
    "none": "",
}


def permission(licence: str) -> Permission:
    """What a licence allows. One that is not in the table has terms of its own, unless its name forbids commerce."""
    if licence in PERMISSIONS:
        return PERMISSIONS[licence]
    return "non-commercial" if any(word in licence for word in _FORBIDS) else "own-terms"
