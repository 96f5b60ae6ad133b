"""Out of the app, verified: one file per format, and the comparison that guards them all.

    export.py        export(request): write beside the target, verify from disk, certify, rename
    places.py        where it is written before, and how it comes to its place
    figures.py       its size, speed and accuracy, beside the full file's
    exporter.py      what a format must offer: write, reopen, certify
    availability.py  whether this machine can write a format, and what it lacks
    machines.py      the kinds of machine that some formats need
    onnx.py          one .onnx file that takes raw pixels of any size
    onnx_fp16.py     the same in half precision: half the size
    onnx_int8.py     the same in whole numbers: a quarter of the size, at some cost that is measured
    training_images.py  the images from which int8 takes its ranges
    metadata.py      what a file says of itself, in this app's words and in those of other tools
    tracing.py       torch's exporter, and what it must be told of some architectures
    pt2.py           one .pt2 file for torch.export.load
    openvino.py      a folder for OpenVINO, made of the .onnx file
    litert.py        one .tflite file for phones, which wants images resized already
    coreml.py        a .mlpackage for Core ML, written on a Mac
    tensorrt.py      a folder with a TensorRT engine, written where there is an NVIDIA GPU
    dense_resizing.py  the deployed module as these two take it
    safetensors.py   a folder timm opens: weights, config.json, model card
    folder.py        a folder that runs anywhere: the .onnx file, samples, programs from resources/folder
    samples.py       a few images and the app's answers to them
    resizing.py      torch's antialiased resize in plain operators
    app_model.py     the app's own answer
    held_out.py      the images to compare on: the run's validation images
    verify.py        file against app, image by image, and the certificate
    verdicts.py      known or unknown: the file's verdict against the app's
    labels.py        the file's names of the classes against the app's
    layers.py        what leaves each layer, in the app and in a file
    parting.py       where file and app part, for a file that is refused

To add a format: write one file with a class that fits `exporter.Exporter`, add one line here. The form's menu,
the flag's choices and the contract test read this dict.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Entry:
    """A line of the menu: its class as "module:Name", and the packages it needs that do not come with the app.

    `machine`: a function as "module:name" that tells, without heavy imports, what this machine lacks.
    """

    target: str
    packages: tuple[str, ...] = ()
    machine: str = ""


EXPORTERS: dict[str, Entry] = {
    "onnx": Entry("finetuner.engine.exporters.onnx:Onnx"),
    "onnx-fp16": Entry("finetuner.engine.exporters.onnx_fp16:OnnxFp16"),
    "onnx-int8": Entry("finetuner.engine.exporters.onnx_int8:OnnxInt8"),
    "folder": Entry("finetuner.engine.exporters.folder:Folder"),
    "safetensors": Entry("finetuner.engine.exporters.safetensors:Safetensors"),
    "pt2": Entry("finetuner.engine.exporters.pt2:Pt2"),
    "openvino": Entry("finetuner.engine.exporters.openvino:OpenVino", ("openvino",)),
    "litert": Entry("finetuner.engine.exporters.litert:LiteRt", ("litert_torch", "ai_edge_litert")),
    "coreml": Entry(
        "finetuner.engine.exporters.coreml:CoreMl", ("coremltools",), "finetuner.engine.exporters.machines:mac"
    ),
    "tensorrt": Entry(
        "finetuner.engine.exporters.tensorrt:TensorRt", ("tensorrt",), "finetuner.engine.exporters.machines:nvidia"
    ),
}
