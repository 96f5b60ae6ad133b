import importlib.metadata

import numpy as np
import pytest

from finetuner.engine.errors import FinetunerError
from finetuner.engine.events import Progress
from finetuner.engine.exporters.held_out import HeldOut
from finetuner.engine.exporters.verify import Agreement, certificate, margin, verify


def answer(*probabilities: float):
    shares = np.array(probabilities, np.float32)
    return shares, np.log(shares)


def agreement(app, file) -> Agreement:
    found = Agreement()
    found.add(app, file)
    return found


def test_the_same_answers_are_certified():
    found = agreement(answer(0.7, 0.3), answer(0.7001, 0.2999))
    proof = certificate(found, "onnx", "A note.")
    assert (proof.images, proof.agreement, proof.passed) == (1, 1.0, True)
    assert proof.largest_difference == pytest.approx(1e-4, rel=1e-2)
    assert proof.note.endswith("A note.")


def test_a_certificate_names_what_wrote_and_read_the_file(monkeypatch):
    monkeypatch.setattr(importlib.metadata, "version", lambda name: f"{name} 1")
    found = agreement(answer(0.7, 0.3), answer(0.7, 0.3))
    written = set(certificate(found, "litert", "").versions) - set(certificate(found, "onnx", "").versions)
    assert written == {"litert-torch", "ai-edge-litert"}


def test_a_package_that_tells_no_version_is_left_out(monkeypatch):
    def told(name):
        if name == "openvino":
            raise importlib.metadata.PackageNotFoundError(name)
        return "1"

    monkeypatch.setattr(importlib.metadata, "version", told)
    found = certificate(agreement(answer(0.7, 0.3), answer(0.7, 0.3)), "openvino", "")
    assert "openvino" not in found.versions
    assert "torch" in found.versions


@pytest.mark.parametrize(
    "file",
    [answer(0.4995, 0.5005), answer(0.72, 0.28), (np.array([np.nan, 0.3], np.float32), np.zeros(2, np.float32))],
    ids=["another class", "too far", "not a number"],
)
def test_a_file_that_disagrees_is_refused(file):
    with pytest.raises(FinetunerError, match="does not answer as the app does"):
        certificate(agreement(answer(0.5005, 0.4995) if file[0][0] < 0.5 else answer(0.7, 0.3), file), "onnx", "")


def test_a_tie_may_fall_either_way():
    found = agreement(answer(0.500001, 0.499999), answer(0.499999, 0.500001))
    assert found.good
    assert found.same == 0


def test_no_image_proves_nothing():
    with pytest.raises(FinetunerError):
        certificate(Agreement(), "onnx", "")


def test_a_class_too_few_is_noticed():
    assert not agreement(answer(0.7, 0.2, 0.1), answer(0.8, 0.2)).good


def test_a_single_class_has_a_margin():
    assert margin(np.array([1.0], np.float32)) == 1.0


def test_every_image_is_compared_and_told():
    seen = []

    def app(pixels):
        seen.append(pixels.shape)
        return answer(0.7, 0.3)

    *steps, last = verify(app, lambda _: answer(0.7, 0.3), HeldOut(()))
    assert isinstance(last, Agreement)
    assert last.images == len(seen) == len(HeldOut(()))
    assert all(isinstance(step, Progress) for step in steps)
    assert {(1, 1, 3), (480, 640, 3)} <= set(seen)
