"""One .pt2 file, torch's own: `torch.export.load(FILE).module()` answers raw pixels of any size, without app and timm.

`torch.export.load` unpickles. So this app reads back only what it wrote a moment before; it opens no .pt2 of anybody.
"""

import io
import json
import zipfile
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn
from torch.export import Dim, ExportedProgram

from finetuner.engine.backbones.deployed import Deployed, Trained
from finetuner.engine.events import Certificate
from finetuner.engine.exporters.exporter import Answer, Limits, Model, Pixels
from finetuner.engine.exporters.metadata import metadata
from finetuner.engine.files import sync_file, write_and_sync

METADATA = "metadata.json"
CERTIFICATE = "certificate.json"
_EXTRA = "archive/extra"
_ORIGIN = ("stack_trace", "nn_module_stack", "torch_fn", "source_fn_stack")


class Pt2:
    """Input: uint8 N,H,W,3 (RGB, any N, H and W). Answer: probabilities and logits N x C, then `unknown` N if any."""

    folder = False
    limits = Limits()

    def write(self, trained: Trained, target: Path, author: str) -> None:
        """Trace the deployed module and write it as one file."""
        content = io.BytesIO()
        told = json.dumps(metadata(trained, author))
        torch.export.save(traced(trained.deployed), content, extra_files={METADATA: told})
        write_and_sync(target, content.getvalue())

    def reopen(self, target: Path) -> Model:
        """Run the file in torch on the CPU."""
        model = torch.export.load(target).module()

        def answer(pixels: Pixels) -> Answer:
            with torch.inference_mode():
                told = model(torch.from_numpy(np.array(pixels))[None])
            return tuple(part[0].numpy() for part in told)

        return answer

    def classes(self, target: Path) -> tuple[str, ...]:
        """The `names` of its metadata."""
        with zipfile.ZipFile(target) as archive:
            told = json.loads(archive.read(f"{_EXTRA}/{METADATA}"))
        return tuple(json.loads(told["names"]))

    def layers(self, target: Path, pixels: Pixels) -> None:
        """Its modules are dissolved into one list of operations."""

    def certify(self, target: Path, certificate: Certificate) -> None:
        """Add one entry to the archive; those that were verified stay as they are."""
        with zipfile.ZipFile(target, "a") as archive:
            archive.writestr(f"{_EXTRA}/{CERTIFICATE}", certificate.model_dump_json())
        sync_file(target)


def traced(deployed: Deployed) -> ExportedProgram:
    """The module as a program with symbolic n, h and w that tells nothing of this machine."""
    example = torch.zeros(2, 213, 197, 3, dtype=torch.uint8)
    sizes = {0: Dim("n"), 1: Dim("h"), 2: Dim("w")}
    with torch.no_grad():
        program = torch.export.export(_AnySize(deployed.cpu().eval()), (example,), dynamic_shapes=(sizes,))
    _forget_origin(program)
    return program


class _AnySize(nn.Module):
    """The deployed module, cut so that torch notes no condition on the size of an image."""

    def __init__(self, deployed: Deployed) -> None:
        super().__init__()
        self.deployed = deployed

    def forward(self, image: Tensor) -> tuple[Tensor, ...]:
        """uint8 N,H,W,3 -> what `deployed` gives."""
        rule = self.deployed.preprocess
        planes = rule.resize_planes(_centre_square(image, rule.crop_permille))
        return self.deployed.answer(rule.normalise(planes))


def _centre_square(images: Tensor, crop_permille: int) -> Tensor:
    """As `deploy.centre_square`, but by copies: uint8 N,H,W,3 -> float32 N,3,side,side.

    A view's layout in memory depends on whether the square is the whole image. The tracer would note which it was, and
    the program would refuse the other kind.
    """
    height, width = images.shape[1], images.shape[2]
    side = torch.sym_max((torch.sym_min(height, width) * crop_permille + 500) // 1000, 1)
    steps = torch.arange(side, device=images.device)
    planes = images.permute(0, 3, 1, 2).clone(memory_format=torch.contiguous_format).to(torch.float32)
    return planes.index_select(2, steps + (height - side) // 2).index_select(3, steps + (width - side) // 2)


def _forget_origin(program: ExportedProgram) -> None:
    """Drop the tracer's notes on each operation: they hold lines of source and file names of this machine."""
    for module in program.graph_module.modules():
        if isinstance(module, torch.fx.GraphModule):
            for node in module.graph.nodes:
                for key in _ORIGIN:
                    node.meta.pop(key, None)
