"""A folder with a TensorRT engine, which runs on the kind of GPU and the version of TensorRT that built it.

It is built of an .onnx file whose preprocessing knows no arithmetic on sizes: TensorRT reads little of that.
"""

import json
from pathlib import Path
from typing import Any

import numpy as np
import torch

from finetuner.engine.backbones.deployed import Deployed, Trained
from finetuner.engine.errors import FinetunerError
from finetuner.engine.events import Certificate
from finetuner.engine.exporters.dense_resizing import LARGEST, BytesOfAnySize, refuse_larger
from finetuner.engine.exporters.exporter import Answer, Limits, Model, Pixels
from finetuner.engine.exporters.metadata import metadata
from finetuner.engine.exporters.onnx import INPUT, OUTPUTS, UNKNOWN, forget_origin
from finetuner.engine.exporters.tracing import trace
from finetuner.engine.files import write_and_sync, write_text

ENGINE = "model.engine"
METADATA = "metadata.json"
CERTIFICATE = "certificate.json"
_SMALLEST, _USUAL, _LARGEST = (1, 1, 1, 3), (1, 480, 640, 3), (1, LARGEST, LARGEST, 3)
"""One image at a time: those of a batch would have to be equally large."""


class TensorRt:
    """Inputs and outputs are those of the .onnx file, for one image of at most 8192 pixels a side; full precision."""

    folder = True
    limits = Limits()

    def write(self, trained: Trained, target: Path, author: str) -> None:
        """Build the engine on this GPU. Raises FinetunerError: what of the network TensorRT cannot read or build."""
        _refuse_without_gpu()
        tensorrt, told = _tensorrt(), metadata(trained, author)
        engine = built(tensorrt, graph(trained.deployed))
        target.mkdir(parents=True)
        write_and_sync(target / ENGINE, engine)
        told |= {"tensorrt_version": tensorrt.__version__, "gpu": torch.cuda.get_device_name()}
        write_text(target / METADATA, json.dumps(told, indent=1))

    def reopen(self, target: Path) -> Model:
        """Run the engine on the GPU, its inputs and outputs in tensors of torch."""
        tensorrt = _tensorrt()
        log = _log(tensorrt)
        engine = tensorrt.Runtime(log).deserialize_cuda_engine((target / ENGINE).read_bytes())
        if engine is None:
            raise FinetunerError(f"TensorRT cannot open the engine it built{log.last}.", "Please report this.")
        return _Runner(engine)

    def classes(self, target: Path) -> tuple[str, ...]:
        """The `names` in metadata.json."""
        return tuple(json.loads(json.loads((target / METADATA).read_text(encoding="utf-8"))["names"]))

    def layers(self, target: Path, pixels: Pixels) -> None:
        """TensorRT joins layers."""

    def certify(self, target: Path, certificate: Certificate) -> None:
        """Store the certificate beside the engine; that stays as it was verified."""
        write_text(target / CERTIFICATE, certificate.model_dump_json(indent=1))


def graph(deployed: Deployed) -> bytes:
    """The module as an .onnx file for TensorRT: its first operation makes floats of the bytes."""
    outputs = OUTPUTS if deployed.unknown is None else (*OUTPUTS, UNKNOWN)
    model = trace(BytesOfAnySize(deployed), [INPUT], [*outputs])
    forget_origin(model)
    _floats_first(model)
    return bytes(model.SerializeToString())


def _floats_first(model: Any) -> None:
    """Let nothing but its cast read the image, not even who asks for its size: TensorRT only casts bytes."""
    nodes = list(model.graph.node)
    cast = next(node for node in nodes if node.op_type == "Cast" and INPUT in node.input)
    others = [node for node in nodes if node is not cast]
    for node in others:
        node.input[:] = [cast.output[0] if name == INPUT else name for name in node.input]
    del model.graph.node[:]
    model.graph.node.extend([cast, *others])


def built(tensorrt: Any, content: bytes) -> bytes:
    """The engine. Raises FinetunerError with the operator that TensorRT cannot read, or why it built none."""
    log = _log(tensorrt)
    builder = tensorrt.Builder(log)
    network, config = builder.create_network(0), builder.create_builder_config()
    parser = tensorrt.OnnxParser(network, log)
    if not parser.parse(content):
        raise _unreadable(parser)
    config.add_optimization_profile(_sizes(builder))
    config.clear_flag(tensorrt.BuilderFlag.TF32)
    engine = builder.build_serialized_network(network, config)
    if engine is None:
        raise FinetunerError(f"TensorRT built no engine{log.last}.", "Export onnx, or choose another backbone.")
    return bytes(engine)


def _sizes(builder: Any) -> Any:
    profile = builder.create_optimization_profile()
    profile.set_shape(INPUT, _SMALLEST, _USUAL, _LARGEST)
    return profile


def _unreadable(parser: Any) -> FinetunerError:
    """The first thing that the parser did not understand."""
    first = parser.get_error(0)
    operator = first.node_operator() or "the graph"
    return FinetunerError(
        f"TensorRT cannot read this network: {operator}: {_line(first.desc())}.",
        "Export onnx, or choose another backbone.",
    )


class _Runner:
    """An engine and what it needs to answer; one image at a time."""

    def __init__(self, engine: Any) -> None:
        self._engine, self._context = engine, engine.create_execution_context()
        there = {engine.get_tensor_name(number) for number in range(engine.num_io_tensors)}
        self._outputs = [name for name in (*OUTPUTS, UNKNOWN) if name in there]

    def __call__(self, pixels: Pixels) -> Answer:
        refuse_larger(pixels)
        image = torch.from_numpy(np.array(pixels))[None].to(_device())
        if not self._context.set_input_shape(INPUT, tuple(image.shape)):
            raise _failed("it refuses the size of an image")
        answers = {name: self._room(name) for name in self._outputs}
        for name, tensor in {INPUT: image, **answers}.items():
            self._context.set_tensor_address(name, tensor.data_ptr())
        self._run()
        return tuple(answers[name][0].cpu().numpy() for name in self._outputs)

    def _room(self, name: str) -> torch.Tensor:
        """Where an output goes; its shape is known once that of the image is."""
        return torch.empty(tuple(self._context.get_tensor_shape(name)), dtype=torch.float32, device=_device())

    def _run(self) -> None:
        stream = torch.cuda.Stream()
        stream.wait_stream(torch.cuda.current_stream())
        if not self._context.execute_async_v3(stream.cuda_stream):
            raise _failed("it did not start")
        stream.synchronize()


def _failed(what: str) -> FinetunerError:
    return FinetunerError(f"The TensorRT engine does not answer: {what}.", "Nothing was written. Please report this.")


def _device() -> str:
    return "cuda"


def _refuse_without_gpu() -> None:
    """torch brings the image to the GPU; a build of it for processors alone cannot."""
    if not torch.cuda.is_available():
        raise FinetunerError(
            "This torch cannot use the NVIDIA GPU, on which the engine is to be checked.",
            "See what finetuner doctor says of it.",
        )


def _tensorrt() -> Any:
    import tensorrt

    return tensorrt


def _log(tensorrt: Any) -> Any:
    """A logger that prints nothing and keeps the last error, ": " before it."""

    class Log(tensorrt.ILogger):  # type: ignore[misc]  # known when the package is there
        last = ""

        def __init__(self) -> None:
            tensorrt.ILogger.__init__(self)

        def log(self, severity: Any, message: str) -> None:
            if severity in (tensorrt.ILogger.Severity.ERROR, tensorrt.ILogger.Severity.INTERNAL_ERROR):
                self.last = f": {_line(message)}"

    return Log()


def _line(text: str) -> str:
    """Its first line, without the dot at its end."""
    return next(iter(text.strip().splitlines()), "no reason given").rstrip(".")
