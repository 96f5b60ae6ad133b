"""Chooses a step."""

import argparse
from pathlib import Path

import starter
from starter import images, publish, teacher
from starter.pretrain import Pretraining


def main() -> None:
    """One step."""
    arguments = read_arguments()
    arguments.work.mkdir(parents=True, exist_ok=True)
    match arguments.step:
        case "images":
            images.pack(arguments.archives, arguments.work)
        case "teacher":
            teacher.record(images.opened(arguments.work), arguments.weights, arguments.work)
        case "train":
            Pretraining(images.opened(arguments.work), arguments.work, arguments.epochs).run()
        case "publish":
            publish.publish(arguments.work)


def read_arguments() -> argparse.Namespace:
    """What the step works on."""
    parser = argparse.ArgumentParser(
        prog="python -m starter", description=starter.__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("step", choices=("images", "teacher", "train", "publish"))
    parser.add_argument("--work", type=Path, required=True, help="folder for everything in between, about 2 GB")
    parser.add_argument("--archives", type=Path, help="images: folder of .zip files with train/CLASS/ and val/CLASS/")
    parser.add_argument("--weights", type=Path, help="teacher: ImageNet weights of mobilenetv2_100")
    parser.add_argument("--epochs", type=int, default=40, help="train: passes over all images")
    return parser.parse_args()


if __name__ == "__main__":
    main()
