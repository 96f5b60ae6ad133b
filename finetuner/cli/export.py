"""finetuner export: a verified model file."""

from pathlib import Path

from finetuner.cli.output import last, print_json, say
from finetuner.engine.events import Exported, FileFigures
from finetuner.engine.requests import ExportRequest


def export(
    run: Path, *, out: Path, format: str = "onnx", author: str = "", samples: bool = True, json: bool = False
) -> None:
    """Write RUN's best model as a file that was run and compared with the app on held-out images.

    Parameters
    ----------
    run
        A run folder.
    out
        The file to write (onnx, onnx-fp16, onnx-int8, pt2, litert), or the new folder (openvino, coreml,
        tensorrt, safetensors, folder).
    format
        onnx; onnx-fp16, half its size; onnx-int8, about a quarter, for which the cost in accuracy is told; pt2, for
        torch alone; openvino, which needs that package; litert, a .tflite that needs packages too and wants images
        resized already; coreml, on a Mac; tensorrt, where there is an NVIDIA GPU; safetensors; folder, which holds the
        onnx file, samples, and
        programs for Python, browsers, a service, Docker and C++.
    author
        Your name, written into the file.
    samples
        Whether a folder shows a few of your validation images; otherwise a drawn one.
    json
        Print the result as JSON.
    """
    from finetuner.engine.launchers.tasks import generator

    written = last(generator(ExportRequest(run=run, format=format, out=out, author=author, samples=samples)))
    assert isinstance(written, Exported)
    if json:
        print_json(written.model_dump(mode="json", exclude={"kind"}))
        return
    say(f"{written.path} ({written.size_mb:.1f} MB, {written.milliseconds:.1f} ms an image on this machine)")
    say(f"{written.certificate.sentence()} {written.certificate.note}")
    for row in written.figures:
        say(_line(row))


def _line(row: FileFigures) -> str:
    """One file in figures."""
    accuracy = "" if row.accuracy is None else f", {row.accuracy:.1%} right"
    return (
        f"{row.format:<10} {row.size_mb:8.1f} MB, {row.milliseconds:6.1f} ms an image, "
        f"{row.agreement:.1%} answers as the app's{accuracy}"
    )
