"""TensorRT at the edge: the names and refusals of tensorrt 11.4's Python package, answered by onnxruntime.

It computes on the processor, and reads and writes by address, as the real one does on the GPU.
"""

import ctypes
from importlib.machinery import ModuleSpec
from types import ModuleType, SimpleNamespace

import numpy as np
import onnxruntime


class ILogger:
    """As the real one it must be made before it is used, and its `log` overridden."""

    class Severity:
        INTERNAL_ERROR, ERROR, WARNING, INFO, VERBOSE = range(5)

    made = False

    def __init__(self):
        self.made = True


class Builder:
    """`engine`: what is built instead of the graph, where a test wants it; None is a failure."""

    def __init__(self, logger):
        assert logger.made
        self.logger = logger

    def create_network(self, flags=0):
        return SimpleNamespace(content=None)

    def create_builder_config(self):
        return Config()

    def create_optimization_profile(self):
        return Profile()

    def build_serialized_network(self, network, config):
        (profile,) = config.profiles
        assert profile.sizes, "sizes that vary need a profile"
        assert "TF32" not in config.flags, "TF32 would not be exact"
        return memoryview(network.content)


class Config:
    def __init__(self):
        self.flags, self.profiles = {"TF32"}, []

    def clear_flag(self, flag):
        self.flags.discard(flag)

    def add_optimization_profile(self, profile):
        self.profiles.append(profile)
        return len(self.profiles) - 1


class Profile:
    def __init__(self):
        self.sizes = {}

    def set_shape(self, input, min, opt, max):
        assert all(low <= usual <= high for low, usual, high in zip(min, opt, max, strict=True))
        self.sizes[input] = min, opt, max


class OnnxParser:
    def __init__(self, network, logger):
        self._network = network
        self.num_errors = 0

    def parse(self, model, path=None):
        self._network.content = bytes(model)
        return True


class Runtime:
    def __init__(self, logger):
        assert logger.made

    def deserialize_cuda_engine(self, serialized_engine):
        return Engine(serialized_engine)


class Engine:
    def __init__(self, content):
        self.session = onnxruntime.InferenceSession(content, providers=["CPUExecutionProvider"])
        self._names = [tensor.name for tensor in (*self.session.get_inputs(), *self.session.get_outputs())]

    @property
    def num_io_tensors(self):
        return len(self._names)

    def get_tensor_name(self, index):
        return self._names[index]

    def create_execution_context(self):
        return Context(self.session)


class Context:
    def __init__(self, session):
        self._session, self._address, self._shape = session, {}, ()

    def set_input_shape(self, name, shape):
        assert name == "image"
        self._shape = shape
        return max(shape) <= 8192 and shape[0] == 1

    def get_tensor_shape(self, name):
        return [1 if isinstance(size, str) else size for size in self._outputs()[name]]

    def set_tensor_address(self, name, address):
        self._address[name] = address
        return True

    def execute_async_v3(self, stream_handle):
        assert stream_handle
        image = read(self._address["image"], self._shape, ctypes.c_uint8)
        for name, value in zip(self._outputs(), self._session.run(None, {"image": image}), strict=True):
            read(self._address[name], value.shape, ctypes.c_float)[...] = value
        return True

    def _outputs(self):
        return {output.name: output.shape for output in self._session.get_outputs()}


def read(address, shape, kind):
    """The numbers at an address."""
    whole = (kind * int(np.prod(shape))).from_address(address)
    return np.frombuffer(whole, np.dtype(kind)).reshape(shape)


def module():
    """The package, to be put into sys.modules."""
    made = ModuleType("tensorrt")
    made.__spec__ = ModuleSpec("tensorrt", None)
    made.__version__ = "11.4.0"
    made.BuilderFlag = SimpleNamespace(TF32="TF32")
    made.ILogger, made.Builder, made.OnnxParser, made.Runtime = ILogger, Builder, OnnxParser, Runtime
    return made
