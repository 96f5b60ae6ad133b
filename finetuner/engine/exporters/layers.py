"""The numbers that leave each layer, in the app and in a file, by the names that torch gives its modules."""

import ast
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import onnxruntime
import torch
from torch import Tensor, nn

from finetuner.engine.backbones.deployed import Deployed
from finetuner.engine.dataset.deploy import centre_square
from finetuner.engine.exporters.exporter import Pixels, Values

RESIZED = "preprocess.resize"
"""The image at the network's size, before normalisation: a step of `preprocess` that is no module of its own."""
_SCOPES = "pkg.torch.onnx.name_scopes"
_RESIZING = "_upsample_"
_ERRORS_ONLY = 3


class TorchLayers:
    """Of a torch module: those that answer once and with one tensor."""

    def __init__(self, deployed: Deployed, pixels: Pixels) -> None:
        self._values = _recorded(deployed, torch.from_numpy(np.array(pixels))[None])
        self.names = tuple(self._values)

    def value(self, layer: str) -> Values:
        """What left `layer`."""
        return self._values[layer].numpy()


class OnnxLayers:
    """Of an .onnx file: the graph runs once for each layer that is asked for, with that layer as one more output.

    One at a time, since an output in the middle keeps onnxruntime from joining what it would join in the real file.
    """

    def __init__(self, target: Path, tensors: Mapping[str, str], pixels: Pixels) -> None:
        self._model, self._pixels = onnx.load(target, load_external_data=False), pixels
        self._tensors = tensors
        self.names = tuple(tensors)

    def value(self, layer: str) -> Values:
        """Run the graph up to `layer`."""
        return self.together([layer])[layer]

    def together(self, layers: Sequence[str]) -> dict[str, Values]:
        """Run the graph once for several; what onnxruntime joins in the real file it then leaves apart."""
        watched = onnx.ModelProto()
        watched.CopyFrom(self._model)
        del watched.graph.output[:]
        watched.graph.output.extend(onnx.ValueInfoProto(name=self._tensors[layer]) for layer in layers)
        options = onnxruntime.SessionOptions()
        options.log_severity_level = _ERRORS_ONLY
        session = onnxruntime.InferenceSession(watched.SerializeToString(), options, ["CPUExecutionProvider"])
        found = session.run(None, {watched.graph.input[0].name: self._pixels[None]})
        return {layer: np.asarray(value) for layer, value in zip(layers, found, strict=True)}


def tensors_of(model: Any) -> dict[str, str]:
    """Layer to tensor of a graph that torch's exporter wrote: the last node in a module's scope gives its answer.

    Where several modules end with the same tensor, it goes by the name of the innermost.
    """
    last: dict[str, tuple[int, str]] = {}
    for place, node in enumerate(model.graph.node):
        for scope in _scopes(node):
            last[scope] = place, node.output[0]
    innermost = {tensor: layer for layer, (_, tensor) in sorted(last.items(), key=lambda item: item[0].count("."))}
    return {layer: tensor for layer, (_, tensor) in sorted(last.items(), key=_place) if innermost[tensor] == layer}


def _place(item: tuple[str, tuple[int, str]]) -> int:
    return item[1][0]


def _scopes(node: Any) -> Sequence[str]:
    """The modules around a node, its own operation left out; the resize of the preprocessing counts as one."""
    noted = next((entry.value for entry in node.metadata_props if entry.key == _SCOPES), "['']")
    *modules, operation = ast.literal_eval(noted)
    scopes = [scope for scope in modules if scope]
    return [RESIZED] if operation.startswith(_RESIZING) and scopes == ["preprocess"] else scopes


def _recorded(deployed: Deployed, images: Tensor) -> dict[str, Tensor]:
    """What left each module, in order; copied at once, since the next may change it in place."""
    rule = deployed.preprocess
    with torch.inference_mode():
        values = {RESIZED: rule.resize(centre_square(images, rule.crop_permille))}
        calls = Counter[str]()
        with ExitStack() as hooks:
            for name, module in _named(deployed):
                hooks.callback(module.register_forward_hook(_noting(name, values, calls)).remove)
            deployed(images)
    return {name: value for name, value in values.items() if calls[name] < 2}


def _named(deployed: nn.Module) -> Iterator[tuple[str, nn.Module]]:
    return ((name, module) for name, module in deployed.named_modules() if name)


def _noting(name: str, values: dict[str, Tensor], calls: Counter[str]) -> Any:
    def note(_module: nn.Module, _inputs: object, output: object) -> None:
        calls[name] += 1
        if isinstance(output, Tensor) and output.is_floating_point():
            values[name] = output.detach().clone()

    return note
