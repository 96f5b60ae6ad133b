"""fastai, as its documentation shows it."""

import time

import torch
from arguments import read_arguments, report
from fastai.vision.all import Callback, ImageDataLoaders, Resize, accuracy, aug_transforms, vision_learner


class Clock(Callback):
    """How long the training part of each epoch takes."""

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
    overlay = {"file": str(given.weights)}
    learner = vision_learner(loaders, given.backbone, metrics=accuracy, pretrained_cfg_overlay=overlay)
    learner.epoch_seconds = []
    with learner.no_bar(), learner.no_logging():
        if given.frozen:
            learner.freeze()
        else:
            learner.unfreeze()
        learner.fit_one_cycle(given.epochs, given.lr, cbs=[Clock()])
    images = len(loaders.train_ds) // given.batch * given.batch  # it drops the last, smaller batch
    report(time.perf_counter() - began, images, learner.epoch_seconds, float(learner.recorder.values[-1][-1]))


if __name__ == "__main__":
    main()
