"""An .onnx file as a predictor, in onnxruntime on the CPU. Needs no torch, so the window may hold one."""

import json
import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from finetuner.engine.dataset.names import readable
from finetuner.engine.errors import FinetunerError
from finetuner.engine.prediction.onnx_guard import LARGEST_FILE, UnsafeModel
from finetuner.engine.prediction.predictor import Answers, Pixels, Shares, refuse_no_numbers
from finetuner.engine.prediction.quarantine import admit
from finetuner.engine.run_store.thresholds import Thresholds
from finetuner.engine.run_store.unknown import Cut

INPUT = "image"
OUTPUTS = ["probabilities", "logits"]
UNKNOWN = "unknown"
_ERRORS_ONLY = 3
_MOST_THREADS = 8  # a single picture is small work
_FORM = (
    "It must take `image` (uint8, N x H x W x 3), give `probabilities` and `logits`, and carry its class `names`: "
    "export it with this app."
)


class OnnxPredictor:
    """A model file of the form this app exports. The bytes that `admit` let pass are the bytes that run.

    `session` is onnxruntime's own. Raises FinetunerError.
    """

    def __init__(self, path: Path, admit: Callable[[bytes], object] = admit) -> None:
        self.name = path.name
        self.session = _open(_read(path), admit)
        self.classes = _class_names(self.session, path)
        self.metadata: dict[str, str] = dict(self.session.get_modelmeta().custom_metadata_map)
        self.temperature = _temperature(self.metadata)
        self.thresholds = _thresholds(self.metadata, self.classes, path)
        self.cut = _cut(self.session, self.metadata, path)
        _refuse_other_form(self.session, len(self.classes), path)

    def answer(self, images: Sequence[Pixels]) -> Answers:
        """Answer n images, one after the other, since their sizes differ."""
        answers = [self._run(image) for image in images]
        return Answers(*(np.concatenate(side) for side in zip(*answers, strict=True)))

    def predict(self, images: Sequence[Pixels]) -> Shares:
        """The probabilities alone, n x C."""
        return self.answer(images).probabilities

    def _run(self, image: Pixels) -> tuple[Shares, ...]:
        try:
            wanted = OUTPUTS if self.cut is None else [*OUTPUTS, UNKNOWN]
            probabilities, logits, *score = self.session.run(wanted, {INPUT: image[None]})
        except Exception as error:  # onnxruntime has no common class of errors
            raise FinetunerError(f"The model {self.name} failed on an image: {_first_line(error)}.") from error
        if probabilities.shape != (1, len(self.classes)) or logits.shape != probabilities.shape:
            raise FinetunerError(f"The model {self.name} does not give one number per class.", _FORM)
        if score and score[0].shape != (1,):
            raise FinetunerError(f"The model {self.name} does not give one `{UNKNOWN}` score per image.", _FORM)
        refuse_no_numbers(self.name, (probabilities, logits, *score))
        return probabilities, logits, *score


def _read(path: Path) -> bytes:
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise UnsafeModel("it is above 2 GB")
        return path.read_bytes()
    except OSError as error:
        raise FinetunerError(f"The model {readable(path.name)} cannot be read: {error.strerror}.") from error


def _open(content: bytes, admit: Callable[[bytes], object]) -> Any:
    admit(content)
    import onnxruntime

    try:
        return onnxruntime.InferenceSession(content, _options(), providers=["CPUExecutionProvider"])
    except Exception as error:  # onnxruntime has no common class of errors
        raise UnsafeModel(f"onnxruntime refuses it ({_first_line(error)})") from error


def _options() -> Any:
    """Threads that wait for work without burning the processor: whatever else runs then slows an answer less."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.log_severity_level = _ERRORS_ONLY
    options.intra_op_num_threads = min(os.cpu_count() or 1, _MOST_THREADS)
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    return options


def _class_names(session: Any, path: Path) -> tuple[str, ...]:
    try:
        names = json.loads(session.get_modelmeta().custom_metadata_map["names"])
    except (KeyError, ValueError, RecursionError) as error:
        raise FinetunerError(f"The model {readable(path.name)} does not name its classes.", _FORM) from error
    if not isinstance(names, list) or not names or not all(isinstance(name, str) for name in names):
        raise FinetunerError(f"The model {readable(path.name)} does not name its classes.", _FORM)
    return tuple(names)


def _temperature(metadata: dict[str, str]) -> float:
    """What divides the logits inside the graph; 1 where the file does not say."""
    try:
        value = float(metadata.get("temperature", "1"))
    except ValueError:
        return 1.0
    return value if 0 < value < float("inf") else 1.0


def _thresholds(metadata: dict[str, str], classes: tuple[str, ...], path: Path) -> Thresholds:
    """When the model is unsure; never where the file does not say."""
    try:
        return Thresholds.parse(metadata.get("thresholds", "{}"), classes)
    except ValueError as error:
        raise FinetunerError(f"The thresholds in {readable(path.name)} are damaged.", "Export it again.") from error


def _cut(session: Any, metadata: dict[str, str], path: Path) -> Cut | None:
    """From which score on an image is unknown; None for a file without the output `unknown`."""
    if UNKNOWN not in {put.name for put in session.get_outputs()}:
        return None
    try:
        return Cut.parse(metadata)
    except ValueError as error:
        told = f"From where on an image is unknown is damaged in {readable(path.name)}."
        raise FinetunerError(told, "Export it again.") from error


def _refuse_other_form(session: Any, classes: int, path: Path) -> None:
    inputs = [(put.name, put.type, len(put.shape)) for put in session.get_inputs()]
    outputs = {put.name: put.shape for put in session.get_outputs()}
    fits = inputs == [(INPUT, "tensor(uint8)", 4)] and all(name in outputs for name in OUTPUTS)
    if not fits or any(outputs[name][-1:] not in ([classes], []) for name in OUTPUTS):
        raise FinetunerError(f"{readable(path.name)} is not a model this app can use.", _FORM)


def _first_line(error: Exception) -> str:
    return str(error).strip().splitlines()[0][:200] if str(error).strip() else type(error).__name__
