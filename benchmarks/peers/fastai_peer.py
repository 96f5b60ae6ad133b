"""fastai, as its documentation shows it, on the same images, weights, size and batch, in an environment of its own.

Prints one JSON document: `seconds` from the first file read to the last number, imports not counted.
"""

import argparse
import json
import time
from pathlib import Path

import torch
from fastai.vision.all import (
    Callback,
    ImageDataLoaders,
    Resize,
    accuracy,
    aug_transforms,
    vision_learner,
)


class Clock(Callback):
    """When each epoch's training part began and ended."""

    def before_train(self) -> None:
        self.began = time.perf_counter()

    def after_train(self) -> None:
        self.learn.epoch_seconds.append(time.perf_counter() - self.began)


def main() -> None:
    given = read_arguments()
    torch.manual_seed(given.seed)
    began = time.perf_counter()
    loaders = ImageDataLoaders.from_folder(
        given.data,
        train="train",
        valid="val",
        item_tfms=Resize(given.size),
        batch_tfms=aug_transforms(size=given.size),
        bs=given.batch,
    )
    learner = vision_learner(
        loaders, given.backbone, metrics=accuracy, pretrained_cfg_overlay={"file": str(given.weights)}
    )
    learner.epoch_seconds = []
    with learner.no_bar(), learner.no_logging():
        if given.frozen:
            learner.freeze()
        else:
            learner.unfreeze()
        learner.fit_one_cycle(given.epochs, given.lr, cbs=[Clock()])
    images = len(loaders.train_ds) // given.batch * given.batch  # the last, smaller batch is dropped
    print(
        json.dumps(
            {
                "seconds": time.perf_counter() - began,
                "images_per_second": [images / seconds for seconds in learner.epoch_seconds],
                "val_accuracy": float(learner.recorder.values[-1][-1]),
            }
        )
    )


def read_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    for name in ("data", "weights"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    parser.add_argument("--backbone", required=True)
    for name, default in (("size", 224), ("batch", 32), ("epochs", 5), ("seed", 0)):
        parser.add_argument(f"--{name}", type=int, default=default)
    parser.add_argument("--lr", type=float, default=2e-3)
    parser.add_argument("--frozen", action="store_true")
    return parser.parse_args()


if __name__ == "__main__":
    main()
