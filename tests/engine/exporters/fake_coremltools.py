"""coremltools at the edge: the names that the exporter uses of version 9, answered by the TorchScript it was given."""

import json
import warnings
from contextlib import contextmanager
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import ModuleType, SimpleNamespace

import numpy as np
import torch

_INSIDE = Path("Data", "com.apple.CoreML")


@contextmanager
def old_fashioned():
    """torch warns of TorchScript, which is what coremltools reads best."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FutureWarning)
        yield


class Spec:
    """The protobuf message Model, with what is read of it; kept as JSON."""

    def __init__(self):
        self.description = SimpleNamespace(metadata=SimpleNamespace(userDefined={}), output=[])

    def ParseFromString(self, content):
        told = json.loads(content)
        self.description.metadata.userDefined.update(told["told"])
        self.description.output[:] = [SimpleNamespace(name=name) for name in told["outputs"]]

    def SerializeToString(self):
        outputs = [output.name for output in self.description.output]
        return json.dumps({"told": self.description.metadata.userDefined, "outputs": outputs}).encode()


class Converted:
    def __init__(self, program, outputs):
        self._program, self._spec = program, Spec()
        self._spec.description.output[:] = outputs

    @property
    def user_defined_metadata(self):
        return self._spec.description.metadata.userDefined

    def save(self, path):
        assert path.endswith(".mlpackage"), "Core ML knows a package by its suffix"
        (Path(path) / _INSIDE).mkdir(parents=True)
        (Path(path) / _INSIDE / "model.mlmodel").write_bytes(self._spec.SerializeToString())
        with old_fashioned():
            torch.jit.save(self._program, Path(path) / _INSIDE / "program.pt")


def convert(model, *, convert_to, inputs, outputs, compute_precision, skip_model_load):
    """Refuses what would not be exact, or needs a Mac."""
    (image,) = inputs
    assert (convert_to, compute_precision, image.color_layout, skip_model_load) == ("mlprogram", "float32", "RGB", True)
    return Converted(model, outputs)


class MLModel:
    def __init__(self, path, compute_units):
        assert (Path(path).suffix, compute_units) == (".mlpackage", "CPU_ONLY")
        with old_fashioned():
            self._program = torch.jit.load(Path(path) / _INSIDE / "program.pt")
        told = json.loads((Path(path) / _INSIDE / "model.mlmodel").read_bytes())
        self._outputs = told["outputs"]

    def predict(self, data):
        """As the real one it takes a picture of Pillow's, and gives arrays."""
        planes = torch.from_numpy(np.array(data["image"], np.float32)).permute(2, 0, 1)[None]
        with torch.inference_mode():
            return dict(zip(self._outputs, (part.numpy() for part in self._program(planes)), strict=True))


def module():
    """The package, to be put into sys.modules."""
    made = ModuleType("coremltools")
    made.__spec__ = ModuleSpec("coremltools", None)
    made.RangeDim = lambda lower_bound, upper_bound, default: range(lower_bound, upper_bound)
    made.ImageType = lambda name, shape, color_layout: SimpleNamespace(name=name, color_layout=color_layout)
    made.TensorType = lambda name: SimpleNamespace(name=name)
    made.colorlayout = SimpleNamespace(RGB="RGB")
    made.precision = SimpleNamespace(FLOAT32="float32")
    made.ComputeUnit = SimpleNamespace(CPU_ONLY="CPU_ONLY")
    made.proto = SimpleNamespace(Model_pb2=SimpleNamespace(Model=Spec))
    made.models = SimpleNamespace(MLModel=MLModel)
    made.convert = convert
    return made
