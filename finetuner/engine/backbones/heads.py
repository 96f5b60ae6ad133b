"""The head of a network: the one Linear whose outputs are the logits."""

from torch import nn

from finetuner.engine.errors import FinetunerError


def linear_head(model: nn.Module, classes: int, within: str = "") -> str:
    """The path of the last Linear with `classes` outputs, searched in the submodule `within`.

    Raises FinetunerError when there is none (some networks end in a convolution).
    """
    root = model.get_submodule(within)
    found = [path for path, module in root.named_modules() if is_head(module, classes)]
    if not found:
        raise FinetunerError(
            "This network does not end in a linear layer, so its head cannot be trained alone.",
            "Choose another backbone of the same family.",
        )
    return ".".join(part for part in (within, found[-1]) if part)


def is_head(module: nn.Module, classes: int) -> bool:
    """A Linear that gives one number per class."""
    return isinstance(module, nn.Linear) and module.out_features == classes


def path_of(model: nn.Module, module: nn.Module) -> str:
    """The dotted path of a submodule."""
    return next(path for path, candidate in model.named_modules() if candidate is module)
