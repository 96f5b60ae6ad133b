"""The limited child: `python -m finetuner.engine.prediction.onnx_trial PARENT` opens the .onnx that comes by its input.

It gives up memory, time and the right to do anything but compute before it looks at the file; then the file is checked,
opened in onnxruntime, and answers blank pictures. It says in one line of JSON why it refuses.
"""

import json
import os
import sys
from typing import Any

import numpy as np
import onnxruntime
from onnx import TensorProto, helper

from finetuner.engine.backbones.confinement import die_with_parent, limit_resources, shut_the_door
from finetuner.engine.backbones.refusals import RefusedError
from finetuner.engine.prediction.onnx_guard import UnsafeModel, checked

SHAPES = ((64, 48), (480, 640))
"""Height and width of the blank pictures."""
WORKING_MEMORY = 2**30
"""Bytes for the layers' answers; beside it, four times the file, which onnxruntime lays out anew."""
_COPIES = 4
_FATAL_ONLY = 4
_DEMAND = "it needs more memory than a classifier does"


def main() -> int:
    """Try the file; print the reason as JSON and return 1 where it is refused."""
    rehearse()
    die_with_parent(int(sys.argv[1]))
    content = sys.stdin.buffer.read()
    try:
        limit_resources(len(content), _COPIES * len(content) + WORKING_MEMORY)
        shut_the_door()
        attempt(content)
    except UnsafeModel as refusal:
        print(json.dumps({"reason": refusal.reason}), flush=True)
        return 1
    except (MemoryError, RefusedError):
        print(json.dumps({"reason": _DEMAND}), flush=True)
        return 1
    return 0


def attempt(content: bytes) -> None:
    """Check, open, and ask it about blank pictures. Raises UnsafeModel."""
    checked(content)
    try:
        session = onnxruntime.InferenceSession(content, _options(), providers=["CPUExecutionProvider"])
        for shape in SHAPES:
            _ask(session, shape)
    except Exception as error:  # onnxruntime has no common class of errors
        raise UnsafeModel(_reason(error)) from error


def _ask(session: Any, shape: tuple[int, int]) -> None:
    """Where it takes what this app's files take; otherwise it is refused for its form, in the process that asked."""
    (first, *others) = session.get_inputs()
    if not others and first.type == "tensor(uint8)" and len(first.shape) == 4:
        session.run(None, {first.name: np.zeros((1, *shape, 3), np.uint8)})


def _options() -> Any:
    options = onnxruntime.SessionOptions()
    options.log_severity_level = _FATAL_ONLY
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    return options


def _reason(error: Exception) -> str:
    said = str(error).strip().splitlines() or [type(error).__name__]
    starved = isinstance(error, MemoryError) or any(word in said[0] for word in ("allocate", "bad_alloc", "memory"))
    return _DEMAND if starved else f"onnxruntime refuses it ({said[0][:200]})"


def rehearse() -> None:
    """Do once with harmless content what will be done with the file, so that nothing needs to be imported later."""
    picture = helper.make_tensor_value_info("image", TensorProto.UINT8, ["n", "h", "w", 3])
    answer = helper.make_tensor_value_info("answer", TensorProto.FLOAT, ["n", "h", "w", 3])
    node = helper.make_node("Cast", ["image"], ["answer"], to=TensorProto.FLOAT)
    graph = helper.make_graph([node], "rehearsal", [picture], [answer])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 20)], ir_version=10)
    attempt(model.SerializeToString())
    try:
        attempt(b"no model")
    except UnsafeModel:
        json.dumps({"reason": ""})


if __name__ == "__main__":
    status = main()
    sys.stdout.flush()
    os._exit(status)  # behind a door that is shut, what libraries do at the end would fail
