"""Lightning, as its tutorials show transfer learning, with torchvision's images and timm's network."""

import time
import warnings

import lightning
import timm
import torch
from arguments import read_arguments, report
from torch.nn import functional
from torch.utils.data import DataLoader
from torchvision.datasets import ImageFolder
from torchvision.transforms import v2

MEAN, STD = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)


class Classifier(lightning.LightningModule):
    def __init__(self, given) -> None:
        super().__init__()
        overlay = {"file": str(given.weights)}
        self.model = timm.create_model(
            given.backbone, pretrained=True, num_classes=given.classes, pretrained_cfg_overlay=overlay
        )
        self.given, self.epoch_seconds, self.accuracy = given, [], 0.0
        if given.frozen:
            self.model.requires_grad_(False)
            self.model.get_classifier().requires_grad_(True)

    def training_step(self, batch, _index):
        images, labels = batch
        return functional.cross_entropy(self.model(images), labels)

    def on_train_epoch_start(self) -> None:
        if self.given.frozen:
            self.model.eval()
        self.began = time.perf_counter()

    def on_train_batch_end(self, *_) -> None:
        self.ended = time.perf_counter()

    def on_validation_epoch_start(self) -> None:
        self.right = self.seen = 0

    def validation_step(self, batch, _index) -> None:
        images, labels = batch
        self.right += int((self.model(images).argmax(1) == labels).sum())
        self.seen += len(labels)

    def on_validation_epoch_end(self) -> None:
        self.accuracy = self.right / self.seen
        self.epoch_seconds.append(self.ended - self.began)

    def configure_optimizers(self):
        learning = [parameter for parameter in self.model.parameters() if parameter.requires_grad]
        optimiser = torch.optim.AdamW(learning, lr=self.given.lr)
        steps = self.trainer.estimated_stepping_batches
        schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, max_lr=self.given.lr, total_steps=steps)
        return {"optimizer": optimiser, "lr_scheduler": {"scheduler": schedule, "interval": "step"}}


def main() -> None:
    given = read_arguments()
    warnings.simplefilter("ignore")
    lightning.seed_everything(given.seed, verbose=False)
    began = time.perf_counter()
    tail = [v2.ToImage(), v2.ToDtype(torch.float32, scale=True), v2.Normalize(MEAN, STD)]
    varied = v2.Compose([v2.RandomResizedCrop(given.size, scale=(0.35, 1.0)), v2.RandomHorizontalFlip(), *tail])
    plain = v2.Compose([v2.Resize(round(given.size / 0.875)), v2.CenterCrop(given.size), *tail])
    train, val = (ImageFolder(given.data / part, how) for part, how in (("train", varied), ("val", plain)))
    options = {"batch_size": given.batch, "num_workers": 2, "persistent_workers": True}
    classifier = Classifier(given)
    trainer = lightning.Trainer(
        max_epochs=given.epochs,
        accelerator="auto",
        logger=False,
        enable_checkpointing=False,
        enable_progress_bar=False,
        enable_model_summary=False,
        num_sanity_val_steps=0,
    )
    trainer.fit(classifier, DataLoader(train, shuffle=True, **options), DataLoader(val, **options))
    report(time.perf_counter() - began, len(train), classifier.epoch_seconds, classifier.accuracy)


if __name__ == "__main__":
    main()
