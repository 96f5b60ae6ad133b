"""What a backbone costs to train, estimated before anything is built. Torch-free."""

from finetuner.engine.backbones.shelf import Entry

# what a data set of 1,000 to 10,000 images gets by default
BATCH = 32
_WEIGHT, _GRADIENT, _MOMENTS = 4, 4, 8


def memory_to_train(entry: Entry, batch: int = BATCH) -> float | None:
    """MB (1e6 bytes) that training every layer in fp32 with AdamW takes at its peak; None where nothing was counted.

    parameters * (4 weight + 4 gradient + 8 first and second moment) bytes + batch * activations, where activations
    are what autograd saves for one image of the entry's input size. Left out: the program itself (torch alone takes
    some hundred MB), the images, and what a convolution needs for a moment. Measured, it is within a fifth
    (docs/performance.md). bf16 or fp16 halve the second term; a frozen backbone needs a fraction of all this.
    """
    if entry.activation_mb is None:
        return None
    return entry.parameters * (_WEIGHT + _GRADIENT + _MOMENTS) / 1e6 + batch * entry.activation_mb
