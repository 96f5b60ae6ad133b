"""onnxruntime would keep an identifier of the device and events to be sent in the user's home; it is told not to."""

import os
import subprocess
import sys
from pathlib import Path

import onnx
from onnx import TensorProto, helper

OPEN = "import sys, finetuner, onnxruntime; onnxruntime.InferenceSession(sys.argv[1])"


def test_opening_a_model_leaves_nothing_in_the_home(tmp_path: Path) -> None:
    home, file = tmp_path / "home", tmp_path / "model.onnx"
    home.mkdir()
    value, same = (helper.make_tensor_value_info(name, TensorProto.FLOAT, [1]) for name in ("value", "same"))
    graph = helper.make_graph([helper.make_node("Identity", ["value"], ["same"])], "same", [value], [same])
    onnx.save(helper.make_model(graph, ir_version=8, opset_imports=[helper.make_opsetid("", 17)]), file)
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("ORT_", "XDG_"))}
    homes = {name: str(home) for name in ("HOME", "USERPROFILE", "APPDATA", "LOCALAPPDATA")}
    done = subprocess.run([sys.executable, "-c", OPEN, file], env=kept | homes, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert [path for path in home.rglob("*") if path.is_file()] == []
