"""Pinned hashes: which content a published file must have, in full SHA-256. Torch-free.

Two manifests, both JSON of file id -> sha256 and size. The shipped one is written by `packaging/make_hashes.py`; the
user's own gains a line with every download, so that from then on the file cannot change unnoticed. A file's id names
one content for ever: `timm/resnet18.a1_in1k@<commit>/model.safetensors` on the hub, `resnet18-f37072fd.pth` for
torchvision, `bundled/starter/model.safetensors` for what ships with the program.
"""

from pathlib import Path

from filelock import FileLock
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from finetuner.engine import paths
from finetuner.engine.errors import FinetunerError
from finetuner.engine.files import write_bytes


class Pin(BaseModel):
    """The content of a file: full SHA-256 in hexadecimal, size in bytes."""

    model_config = ConfigDict(frozen=True)
    sha256: str = Field(pattern="^[0-9a-f]{64}$")
    size: int = Field(gt=0)


Manifest = dict[str, Pin]
_ADAPTER: TypeAdapter[Manifest] = TypeAdapter(Manifest)


def shipped_manifest() -> Path:
    """The manifest that comes with Finetuner."""
    return paths.resources() / "backbones" / "hashes.json"


def own_manifest() -> Path:
    """The manifest of what this user downloaded."""
    return paths.data_dir() / "hashes.json"


def pinned(file_id: str) -> Pin | None:
    """What this file must be, the shipped manifest first. Raises FinetunerError when a manifest is unreadable."""
    return read(shipped_manifest()).get(file_id) or read(own_manifest()).get(file_id)


def shipped_commit(repository: str) -> str:
    """The commit of a hub repository that the shipped manifest pins; empty when it pins none."""
    mine = (file_id for file_id in read(shipped_manifest()) if file_id.startswith(f"{repository}@"))
    return next((file_id.removeprefix(f"{repository}@").partition("/")[0] for file_id in mine), "")


def keep(file_id: str, pin: Pin) -> None:
    """Add a line to the user's own manifest."""
    own = own_manifest()
    own.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(own.with_suffix(".lock")):
        write(own, read(own) | {file_id: pin})


def read(path: Path) -> Manifest:
    """The lines of a manifest; none when there is no such file. Raises FinetunerError when it is unreadable."""
    if not path.is_file():
        return {}
    try:
        return _ADAPTER.validate_json(path.read_bytes())
    except ValidationError as error:
        raise FinetunerError(f"The manifest of hashes {path} is damaged.", "Delete it, or restore it.") from error


def write(path: Path, manifest: Manifest) -> None:
    """Replace a manifest; one line for each file, in order."""
    write_bytes(path, _ADAPTER.dump_json(dict(sorted(manifest.items())), indent=1) + b"\n")
