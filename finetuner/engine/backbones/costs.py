"""What a backbone costs to train, estimated before anything is built. Torch-free."""

from finetuner.engine.backbones.shelf import Entry

# what a data set of 1,000 to 10,000 images gets by default
BATCH = 32
_BYTES = 4 + 4 + 8  # weight, gradient, AdamW's first and second moment
_BESIDES_MB = 350


def memory_to_train(entry: Entry, batch: int = BATCH) -> float | None:
    """MB (1e6 bytes) that training every layer in fp32 with AdamW takes at its peak; None where nothing was counted.

    16 bytes * parameters + batch * activations + 350 MB. Activations: what autograd saves for one image of the
    entry's input size. The last term was measured: passing gradients, buffers of convolutions, code that torch loads
    when it is first needed. On six networks (docs/performance.md) the sum is within an eighth of the peak on a CPU;
    an imported torch, some 300 MB, is not counted. bf16 and fp16 halve the activations, and a frozen backbone needs
    a fraction of them.
    """
    if entry.activation_mb is None:
        return None
    return entry.parameters * _BYTES / 1e6 + batch * entry.activation_mb + _BESIDES_MB
