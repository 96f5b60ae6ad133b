"""The preprocessing as Core ML and TensorRT get it answers as the app's."""

from collections import Counter

import numpy as np
import onnx
import onnxruntime
import pytest
import torch

from finetuner.engine.backbones.deployed import Deployed, load_best
from finetuner.engine.backbones.unknown import Strangeness
from finetuner.engine.dataset.deploy import Preprocess, centre_square
from finetuner.engine.dataset.preprocessing import Preprocessing
from finetuner.engine.errors import FinetunerError
from finetuner.engine.exporters.dense_resizing import AnySize, BytesOfAnySize, DenseResize, refuse_larger
from finetuner.engine.exporters.tensorrt import graph

AWKWARD = [(1, 1), (2, 400), (7, 3), (64, 64), (97, 130), (333, 517), (1200, 901)]


def drawn(shape):
    return torch.from_numpy(np.random.default_rng(0).integers(0, 256, (1, *shape, 3), dtype=np.uint8))


@pytest.fixture(scope="module")
def deployed(run):
    """With a score for what is unknown, as every trained run has it."""
    trained = load_best(run)
    features = torch.rand(40, trained.network.head.in_features, generator=torch.Generator().manual_seed(0))
    score = Strangeness(torch.nn.functional.normalize(features, dim=1), torch.zeros(2), torch.ones(2))
    return Deployed(trained.network.model, trained.network.preprocessing, 1.7, trained.network.head, score).eval()


@pytest.mark.parametrize("crop", [0.875, 0.95, 1.0])
@pytest.mark.parametrize("interpolation", ["bilinear", "bicubic"])
def test_cut_and_resize_are_the_apps(interpolation, crop):
    rule = Preprocess(Preprocessing(input_size=56, interpolation=interpolation, crop_pct=crop))
    dense = DenseResize(rule)
    for shape in AWKWARD:
        image = drawn(shape)
        ours = rule.resize(centre_square(image, rule.crop_permille))
        torch.testing.assert_close(dense(image.permute(0, 3, 1, 2).float()), ours, atol=2e-3, rtol=0)


def test_the_answer_is_the_apps(deployed):
    image = drawn((97, 130))
    with torch.inference_mode():
        ours, bytes = deployed(image), BytesOfAnySize(deployed)(image)
        planes = AnySize(deployed)(image.permute(0, 3, 1, 2).float())
    torch.testing.assert_close(bytes, ours, atol=1e-3, rtol=0)
    torch.testing.assert_close(planes, ours, atol=1e-3, rtol=0)


@pytest.fixture(scope="module")
def content(deployed):
    return graph(deployed)


@pytest.mark.parametrize("shape", AWKWARD, ids=str)
def test_the_graph_answers_as_the_app(deployed, content, shape):
    image = drawn(shape)
    told = onnxruntime.InferenceSession(content).run(["probabilities", "logits", "unknown"], {"image": image.numpy()})
    with torch.inference_mode():
        for ours, theirs in zip(deployed(image), told, strict=True):
            np.testing.assert_allclose(theirs, ours.numpy(), atol=1e-3)


def test_bytes_become_floats_before_anything_else(content):
    """TensorRT takes bytes as an input, and computes with none."""
    readers = [node.op_type for node in onnx.load_from_string(content).graph.node if "image" in node.input]
    assert readers == ["Cast"]


def test_no_operator_counts_or_cuts_by_the_size_of_the_image(content):
    used = Counter(node.op_type for node in onnx.load_from_string(content).graph.node)
    assert not {"Range", "Resize", "NonZero", "Loop", "If"} & set(used)


def test_an_image_that_is_too_large_is_a_sentence():
    refuse_larger(np.zeros((8192, 1, 3), np.uint8))
    with pytest.raises(FinetunerError, match="1 x 8193 pixels is too large") as told:
        refuse_larger(np.zeros((8193, 1, 3), np.uint8))
    assert "Export onnx" in told.value.next_step
