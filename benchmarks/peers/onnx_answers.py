"""`python onnx_answers.py RUNTIME MODEL PHOTOS`: an exported file in OpenVINO or OpenCV, its probabilities as JSON."""

import json
import sys

import numpy as np


def openvino(model: str):
    import openvino

    # OpenVINO computes in bf16 where the processor can, unless it is told otherwise
    compiled = openvino.Core().compile_model(model, "CPU", {"INFERENCE_PRECISION_HINT": "f32"})
    return lambda photo: compiled({"image": photo[None]})["probabilities"][0]


def opencv(model: str):
    import cv2

    net = cv2.dnn.readNetFromONNX(model)

    def answer(photo: np.ndarray) -> np.ndarray:
        net.setInput(photo[None], "image")
        return net.forward("probabilities")[0]

    return answer


def main() -> None:
    runtime, model, photos = sys.argv[1:]
    answer = {"openvino": openvino, "opencv": opencv}[runtime](model)
    with np.load(photos, allow_pickle=False) as pixels:
        print(json.dumps([answer(pixels[f"arr_{number}"]).tolist() for number in range(len(pixels.files))]))


if __name__ == "__main__":
    main()
