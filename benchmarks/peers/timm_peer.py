"""timm's own loader, augmentation, optimiser and schedule, put together as in its training script.

The script itself is not part of timm's package.
"""

import time

import timm
import torch
from arguments import read_arguments, report
from timm.data import create_dataset, create_loader, resolve_data_config
from timm.optim import create_optimizer_v2
from timm.scheduler import CosineLRScheduler
from torch.nn import functional


def main() -> None:
    given = read_arguments()
    torch.manual_seed(given.seed)
    began = time.perf_counter()
    overlay = {"file": str(given.weights)}
    model = timm.create_model(
        given.backbone, pretrained=True, num_classes=given.classes, pretrained_cfg_overlay=overlay
    ).to(memory_format=torch.channels_last)
    if given.frozen:
        model.requires_grad_(False)
        model.get_classifier().requires_grad_(True)
    config = resolve_data_config({"input_size": (3, given.size, given.size)}, model=model)
    train, val = (create_dataset("", given.data, split=part) for part in ("train", "val"))
    kept = {key: config[key] for key in ("input_size", "interpolation", "mean", "std", "crop_pct")}
    options = {**kept, "batch_size": given.batch, "num_workers": 2, "use_prefetcher": False, "persistent_workers": True}
    learning = create_loader(train, is_training=True, **options)
    judging = create_loader(val, is_training=False, **options)
    optimiser = create_optimizer_v2(model, opt="adamw", lr=given.lr)
    schedule = CosineLRScheduler(optimiser, t_initial=given.epochs)
    seconds = []
    for epoch in range(given.epochs):
        seconds.append(epoch_of(model, learning, optimiser, given.frozen))
        schedule.step(epoch + 1)
        accuracy = accuracy_of(model, judging)
    images = len(train) // given.batch * given.batch  # it drops the last, smaller batch
    report(time.perf_counter() - began, images, seconds, accuracy)


def epoch_of(model, loader, optimiser, frozen: bool) -> float:
    began = time.perf_counter()
    model.train(not frozen)
    for images, labels in loader:
        loss = functional.cross_entropy(model(images.contiguous(memory_format=torch.channels_last)), labels)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    return time.perf_counter() - began


@torch.no_grad()
def accuracy_of(model, loader) -> float:
    model.eval()
    right = seen = 0
    for images, labels in loader:
        right += int((model(images.contiguous(memory_format=torch.channels_last)).argmax(1) == labels).sum())
        seen += len(labels)
    return right / seen


if __name__ == "__main__":
    main()
