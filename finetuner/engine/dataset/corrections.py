"""What the user said about single images: another label, left out, hard. The files themselves are never touched.

An image is known by its content, so that a correction follows it wherever it is moved or copied.
"""

import csv
import hashlib
import io
import json
import os
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from finetuner.engine import paths
from finetuner.engine.dataset.manifest import SUFFIXES, read_manifest
from finetuner.engine.documents import read_document
from finetuner.engine.errors import FinetunerError
from finetuner.engine.events import Notice, ScannedImage
from finetuner.engine.files import write_text
from finetuner.engine.run_store.pinned import PinnedImage

LARGEST = 2**28
Image = TypeVar("Image", ScannedImage, PinnedImage)


class Correction(BaseModel):
    """What is said of one image; `label` None leaves it as its folder says."""

    model_config = ConfigDict(frozen=True)
    label: str | None = None
    excluded: bool = False
    hard: bool = False


NOTHING = Correction()


class Corrections(BaseModel):
    """By the SHA-256 of each image's file. A changed one is a new value, so that steps can be undone."""

    model_config = ConfigDict(frozen=True)
    version: int = 1
    images: Mapping[str, Correction] = {}

    @classmethod
    def load(cls, file: Path) -> "Corrections":
        """Read them; none where there is no file. Raises FinetunerError when it is damaged."""
        try:
            return cls.model_validate_json(read_document(file, LARGEST)) if file.exists() else cls()
        except (OSError, ValueError, ValidationError) as error:
            raise FinetunerError(
                f"The corrections {file} cannot be read.", "Move the file away to begin with none."
            ) from error

    def save(self, file: Path) -> None:
        """Write them. Raises OSError."""
        write_text(file, json.dumps(self.model_dump(mode="json"), indent=1))

    def of(self, content: str) -> Correction:
        """What is said of the image with this content."""
        return self.images.get(content, NOTHING)

    def changed(self, content: str, correction: Correction) -> "Corrections":
        """The same but for one image."""
        rest = {known: said for known, said in self.images.items() if known != content}
        return self.model_copy(update={"images": rest if correction == NOTHING else {**rest, content: correction}})

    def applied(self, images: Iterable[Image]) -> list[Image]:
        """The images that are left, each with the label that it is said to have."""
        kept = ((image, self.of(image.content)) for image in images)
        return [_labelled(image, said.label) for image, said in kept if not said.excluded]


def must_be_there(file: Path) -> None:
    """Raises FinetunerError where somebody names corrections that do not exist: nothing would be corrected."""
    if not os.path.exists(file):
        raise FinetunerError(
            f"There is no file of corrections {file}.", "Name the list that is meant, or train without corrections."
        )


def corrections_from(file: Path, images: Iterable[Image]) -> Corrections:
    """What a file says of these images: corrections that were kept, or a manifest (path,label) with the right labels.

    Of a listed image whose label is right already there is an entry that changes nothing. Raises FinetunerError when
    the file is neither, or not there.
    """
    must_be_there(file)
    if file.suffix.lower() not in SUFFIXES:
        return Corrections.load(file)
    right = {os.path.realpath(path): label for path, label in _listed(file)}  # wherever links lead to them from
    said = [(image, right.get(os.path.realpath(image.path))) for image in images]
    known = {image.content: NOTHING for image, label in said if label}
    wrong = {image.content: Correction(label=label) for image, label in said if label not in (None, image.label)}
    return Corrections(images=known | wrong)


def strange(file: Path, corrections: Corrections, images: Iterable[Image]) -> Iterator[Notice]:
    """A notice where a list speaks of none of these images: it may be that of others."""
    if not corrections.images and file.suffix.lower() not in SUFFIXES:
        return  # all that was said in the window has been taken back
    if not any(image.content in corrections.images for image in images):
        yield Notice(
            sentence=f"The corrections {file} speak of none of these images, so no label is changed.",
            next_step="Is it the list of other images?",
            level="warning",
        )


def place_for(data: Path) -> Path:
    """Where the corrections of a data set are kept."""
    name = hashlib.sha256(os.fsencode(os.path.realpath(data))).hexdigest()[:24]
    return paths.data_dir() / "corrections" / f"{name}.json"


def manifest(images: Iterable[Image], corrections: Corrections) -> str:
    """The corrected data set as a manifest that this program, and others, read: path,label,split,note."""
    images = list(images)
    text = io.StringIO(newline="")
    table = csv.writer(text, lineterminator="\n")
    table.writerow(["path", "label", "split", "note"])
    found = {image.content: image.label for image in images}
    for image in corrections.applied(images):
        note = "hard" if corrections.of(image.content).hard else ""
        if image.label != found[image.content]:
            note = f"was {found[image.content]}"
        table.writerow([image.path, image.label, image.split or "", note])
    return text.getvalue()


def _listed(file: Path) -> Iterator[tuple[str, str]]:
    """Paths, those that a file can have, and labels."""
    return ((row.path, row.label) for row in read_manifest(file) if row.label and "\0" not in row.path)


def _labelled(image: Image, label: str | None) -> Image:
    return image if label in (None, image.label) else image.model_copy(update={"label": label})
