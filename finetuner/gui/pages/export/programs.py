"""Programs that answer one image with an exported file, to be copied. `{name}` stands for the file."""

ONNX = """\
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
TIMM = """\
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
PT2 = """\
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
OPENVINO = """\
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
LITERT = """\
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
COREML = """\
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
TENSORRT = """\
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
FOLDER = """\
import sys

sys.path.insert(0, {name} + "/python")

from predict import Model, line, pixels_of

print(line(Model().answer(pixels_of(sys.argv[1]))))
"""
