"""What honest checkpoints carry beside weights (options, scores, dates), replaced by things that do nothing.

torch's limited unpickler stops at the first name it does not know, which would refuse the files of DINO, MAE, DeiT,
Lightning, mmengine and others for a command-line option. None of the classes named here is ever imported or called:
each name gives an inert stand-in that swallows its arguments and is thrown away with all else that is no tensor.
To let another such name pass: add it. Only what makes plain data belongs here, never a network's class.
"""

from collections import OrderedDict
from collections.abc import Callable
from typing import Any


class Inert:
    """Takes any arguments and any state; holds nothing."""

    def __new__(cls, *_: Any, **__: Any) -> "Inert":
        """Nothing is kept of the arguments."""
        return object.__new__(cls)

    def __setstate__(self, _: Any) -> None:
        """Forget the state."""


class InertTable:
    """In place of a class derived from dict: makes a plain table, which the unpickler may fill."""

    def __new__(cls, *_: Any) -> "OrderedDict[Any, Any]":  # type: ignore[misc]
        """A plain table, and not one of this class."""
        return OrderedDict()


_DATA = (
    "argparse.Namespace",
    "builtins.bool", "builtins.dict", "builtins.float", "builtins.frozenset", "builtins.int", "builtins.list",
    "builtins.object", "builtins.range", "builtins.slice", "builtins.str", "builtins.tuple",
    "copyreg._reconstructor",
    "datetime.date", "datetime.datetime", "datetime.timedelta", "datetime.timezone",
    "decimal.Decimal", "fractions.Fraction", "uuid.UUID",
    "functools.partial",
    "pathlib.Path", "pathlib.PosixPath", "pathlib.WindowsPath", "pathlib.PurePosixPath", "pathlib.PureWindowsPath",
    "pathlib._local.PosixPath", "pathlib._local.WindowsPath",
    "numpy.dtype", "numpy.ndarray", "numpy.float16", "numpy.float32", "numpy.float64", "numpy.int32", "numpy.int64",
    "numpy.core.multiarray.scalar", "numpy._core.multiarray.scalar",
    "numpy.core.multiarray._reconstruct", "numpy._core.multiarray._reconstruct",
    "torch.torch_version.TorchVersion",
    "mmengine.logging.history_buffer.HistoryBuffer",
    "omegaconf.base.ContainerMetadata", "omegaconf.base.Metadata", "omegaconf.nodes.AnyNode",
    "omegaconf.nodes.StringNode", "omegaconf.nodes.IntegerNode", "omegaconf.nodes.FloatNode",
    "omegaconf.nodes.BooleanNode", "omegaconf.dictconfig.DictConfig", "omegaconf.listconfig.ListConfig",
    "typing.Any",
)  # fmt: skip
_TABLES = (
    "collections.defaultdict",
    "lightning_fabric.utilities.data.AttributeDict",
    "lightning.fabric.utilities.data.AttributeDict",
    "pytorch_lightning.utilities.parsing.AttributeDict",
    "yacs.config.CfgNode",
    "fvcore.common.config.CfgNode",
    "addict.addict.Dict",
    "easydict.EasyDict",
    "mmengine.config.config.ConfigDict",
)
STAND_INS: list[Callable[..., Any] | tuple[Callable[..., Any], str]] = [
    *((Inert, name) for name in _DATA),
    *((InertTable, name) for name in _TABLES),
]
