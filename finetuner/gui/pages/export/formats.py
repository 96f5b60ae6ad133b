"""How a format is called, what it is good for, where its file would go, and a program that uses it.

A format of EXPORTERS without an entry here goes by its own name, into a folder, without a program.
"""

import json
from dataclasses import dataclass
from itertools import count
from pathlib import Path

_ONNX_PROGRAM = """\
import json
import sys

import numpy as np
import onnxruntime
from PIL import Image, ImageOps

model = onnxruntime.InferenceSession({name})
names = json.loads(model.get_modelmeta().custom_metadata_map["names"])

image = ImageOps.exif_transpose(Image.open(sys.argv[1])).convert("RGB")
(answer,) = model.run(["probabilities"], {{"image": np.asarray(image)[None]}})[0]
for i in answer.argsort()[::-1][:3]:
    print(f"{{names[i]}}  {{answer[i]:.1%}}")
"""
_TIMM_PROGRAM = """\
import sys

import timm
import torch
from PIL import Image, ImageOps

model = timm.create_model("local-dir:" + {name}, pretrained=True).eval()
names = model.pretrained_cfg["label_names"]
prepare = timm.data.create_transform(**timm.data.resolve_model_data_config(model))

image = ImageOps.exif_transpose(Image.open(sys.argv[1])).convert("RGB")
with torch.inference_mode():
    answer = model(prepare(image)[None]).softmax(1)[0]
for i in answer.argsort(descending=True)[:3]:
    print(f"{{names[i]}}  {{answer[i]:.1%}}")
"""
_PT2_PROGRAM = """\
import json
import sys

import numpy as np
import torch
from PIL import Image, ImageOps

told = {{"metadata.json": ""}}
model = torch.export.load({name}, extra_files=told).module()
names = json.loads(json.loads(told["metadata.json"])["names"])

image = ImageOps.exif_transpose(Image.open(sys.argv[1])).convert("RGB")
with torch.inference_mode():
    answer = model(torch.from_numpy(np.array(image))[None])[0][0]
for i in answer.argsort(descending=True)[:3]:
    print(f"{{names[i]}}  {{answer[i]:.1%}}")
"""
_OPENVINO_PROGRAM = """\
import json
import sys

import numpy as np
import openvino
from PIL import Image, ImageOps

folder = {name}
model = openvino.Core().compile_model(folder + "/model.xml", "CPU", {{"INFERENCE_PRECISION_HINT": "f32"}})
with open(folder + "/metadata.json", encoding="utf-8") as file:
    names = json.loads(json.load(file)["names"])

image = ImageOps.exif_transpose(Image.open(sys.argv[1])).convert("RGB")
answer = model({{"image": np.asarray(image)[None]}})["probabilities"][0]
for i in answer.argsort()[::-1][:3]:
    print(f"{{names[i]}}  {{answer[i]:.1%}}")
"""
_LITERT_PROGRAM = """\
import json
import sys
import zipfile

import numpy as np
import torch
from ai_edge_litert.interpreter import Interpreter
from PIL import Image, ImageOps

file = {name}
model = Interpreter(model_path=file).get_signature_runner()
told = json.loads(zipfile.ZipFile(file).read("metadata.json"))
names, size = json.loads(told["names"]), json.loads(told["input_size"])

image = np.array(ImageOps.exif_transpose(Image.open(sys.argv[1])).convert("RGB"))
side = max((min(image.shape[:2]) * round(json.loads(told["crop_pct"]) * 1000) + 500) // 1000, 1)
top, left = (image.shape[0] - side) // 2, (image.shape[1] - side) // 2
square = torch.from_numpy(image[top : top + side, left : left + side]).permute(2, 0, 1)[None].to(torch.float32)
square = torch.nn.functional.interpolate(square, (size, size), mode=told["interpolation"], antialias=True)
answer = model(image=square.permute(0, 2, 3, 1).contiguous().numpy())["probabilities"][0]
for i in answer.argsort()[::-1][:3]:
    print(f"{{names[i]}}  {{answer[i]:.1%}}")
"""
_COREML_PROGRAM = """\
import json
import sys

import coremltools
from PIL import Image, ImageOps

model = coremltools.models.MLModel({name}, compute_units=coremltools.ComputeUnit.CPU_ONLY)
names = json.loads(model.user_defined_metadata["names"])

image = ImageOps.exif_transpose(Image.open(sys.argv[1])).convert("RGB")
answer = model.predict({{"image": image}})["probabilities"][0]
for i in answer.argsort()[::-1][:3]:
    print(f"{{names[i]}}  {{answer[i]:.1%}}")
"""
_TENSORRT_PROGRAM = """\
import json
import sys

import numpy as np
import tensorrt
import torch
from PIL import Image, ImageOps

folder = {name}
with open(folder + "/model.engine", "rb") as file:
    engine = tensorrt.Runtime(tensorrt.Logger()).deserialize_cuda_engine(file.read())
with open(folder + "/metadata.json", encoding="utf-8") as file:
    names = json.loads(json.load(file)["names"])

image = ImageOps.exif_transpose(Image.open(sys.argv[1])).convert("RGB")
context = engine.create_execution_context()
buffers = {{"image": torch.from_numpy(np.array(image))[None].cuda()}}
context.set_input_shape("image", tuple(buffers["image"].shape))
for output in ["probabilities", "logits", "unknown"]:
    if output in [engine.get_tensor_name(i) for i in range(engine.num_io_tensors)]:
        buffers[output] = torch.empty(tuple(context.get_tensor_shape(output)), device="cuda")
for buffer in buffers:
    context.set_tensor_address(buffer, buffers[buffer].data_ptr())
context.execute_async_v3(torch.cuda.current_stream().cuda_stream)
answer = buffers["probabilities"][0].cpu()
for i in answer.argsort(descending=True)[:3]:
    print(f"{{names[i]}}  {{answer[i]:.1%}}")
"""
_FOLDER_PROGRAM = """\
import sys

sys.path.insert(0, {name} + "/python")

from predict import Model, line, pixels_of

print(line(Model().answer(pixels_of(sys.argv[1]))))
"""


@dataclass(frozen=True)
class Format:
    """`suffix` ends the name of the file; a format without one writes a folder. `program` takes `name`.

    A .mlpackage is a folder, which Macs show as a file. `samples`: it may show a few of the user's images.
    """

    title: str
    sentence: str = ""
    suffix: str = ""
    program: str = ""
    samples: bool = False


FORMATS: dict[str, Format] = {
    "onnx": Format(
        "ONNX",
        "One file. Takes raw pixels of any size and runs wherever onnxruntime does.",
        ".onnx",
        _ONNX_PROGRAM,
    ),
    "onnx-fp16": Format(
        "ONNX, half precision",
        "Half the size, and the same answers but for rounding. Faster on many GPUs, not on a processor.",
        ".onnx",
        _ONNX_PROGRAM,
    ),
    "onnx-int8": Format(
        "ONNX, 8 bits",
        "About a quarter of the size, and often faster. What it costs in accuracy is measured and shown.",
        ".onnx",
        _ONNX_PROGRAM,
    ),
    "pt2": Format(
        "PyTorch program",
        "One .pt2 file. Takes raw pixels of any size and needs torch alone, neither timm nor this app.",
        ".pt2",
        _PT2_PROGRAM,
    ),
    "openvino": Format(
        "OpenVINO",
        "A folder with model.xml and model.bin, for Intel's processors and graphics.",
        "",
        _OPENVINO_PROGRAM,
    ),
    "litert": Format(
        "LiteRT",
        "One .tflite file, for phones and small devices. Images must be cut and resized before: it says how.",
        ".tflite",
        _LITERT_PROGRAM,
    ),
    "coreml": Format(
        "Core ML",
        "A .mlpackage for Macs, iPhones and iPads, which takes an image of any size. Written on a Mac.",
        ".mlpackage",
        _COREML_PROGRAM,
    ),
    "tensorrt": Format(
        "TensorRT",
        "A folder with an engine that runs on this kind of NVIDIA GPU and this version of TensorRT alone.",
        "",
        _TENSORRT_PROGRAM,
    ),
    "safetensors": Format(
        "safetensors",
        "A folder with weights and config.json, which timm opens to go on from here.",
        "",
        _TIMM_PROGRAM,
    ),
    "folder": Format(
        "Folder that runs anywhere",
        "The ONNX file with programs that need nothing of Finetuner: Python, a web page, a service, Docker, C++.",
        "",
        _FOLDER_PROGRAM,
        samples=True,
    ),
}


def about(name: str) -> Format:
    """What is known about a format."""
    return FORMATS.get(name, Format(name))


def suggested(run: Path, name: str) -> Path:
    """A free place next to the run: `leaves-probe.onnx`, or a folder `leaves-probe-safetensors`."""
    suffix = about(name).suffix
    stem = run.name if suffix else f"{run.name}-{name}"
    names = (f"{stem}{suffix}" if number == 1 else f"{stem}-{number}{suffix}" for number in count(1))
    return next(path for path in (run.parent / name for name in names) if not path.exists())


def program(name: str, path: Path) -> str:
    """A Python program that answers an image with the exported file beside it; empty where there is none."""
    return about(name).program.format(name=json.dumps(path.name))
