"""How much memory a run takes."""

import psutil
import torch


def memory_mb(device: torch.device) -> float:
    """Peak memory on a GPU, resident memory of this process on a CPU, in MiB."""
    if device.type == "cuda":
        return torch.cuda.max_memory_allocated(device) / 2**20
    return psutil.Process().memory_info().rss / 2**20
