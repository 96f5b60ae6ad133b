"""Fetching published weights, only when the user asks. The one place in the engine that opens a socket.

Reachability is tried first: asked without a network, the hub's own client retries for three quarters of a minute.
Proxies, HF_ENDPOINT and HF_HUB_OFFLINE are respected.
"""

import os
import urllib.error
import urllib.request
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Any, BinaryIO

from finetuner.engine.backbones import on_disk
from finetuner.engine.backbones.names import find
from finetuner.engine.backbones.shelf import Entry
from finetuner.engine.errors import FinetunerError
from finetuner.engine.events import Downloaded, Event, Progress
from finetuner.engine.requests import DownloadRequest

Fetching = Generator[Event, None, Path]
_SECONDS = 5
_CHUNK = 1 << 20


def download(request: DownloadRequest) -> Iterator[Event]:
    """Fetch the weights of a backbone unless they are on this disk. Yields Progress, Downloaded.

    Raises FinetunerError when they are not published, the network is switched off or does not answer, or the
    file that came is not the one that was published.
    """
    entry = find(request.backbone)
    path = entry.weights()
    if path is None:
        _refuse(entry)
        path = yield from _from_hub(entry) if entry.hub else _from_torchvision(entry)
    yield Downloaded(backbone=entry.name, path=str(path))


def _refuse(entry: Entry) -> None:
    if not entry.published:
        raise FinetunerError(f"No pretrained weights of {entry.name} are published.", "Choose another backbone.")
    if os.environ.get("HF_HUB_OFFLINE", "").upper() in ("1", "ON", "YES", "TRUE"):
        raise FinetunerError("The network is switched off by HF_HUB_OFFLINE.", "Unset that variable to download.")


def _from_hub(entry: Entry) -> Fetching:
    """Through the hub's own client and into its cache, where timm finds them too."""
    from huggingface_hub import constants, hf_hub_download
    from huggingface_hub.errors import EntryNotFoundError, HfHubHTTPError

    endpoint = os.environ.get("HF_ENDPOINT") or constants.ENDPOINT
    _reach(entry, endpoint)
    yield Progress(activity=f"Downloading {entry.name}", done=0, total=1)
    repository, _, revision = entry.hub.partition("@")
    for filename in [entry.file] if entry.file else on_disk.HUB_FILES:
        try:
            return Path(hf_hub_download(repository, filename, revision=revision or None, endpoint=endpoint))
        except EntryNotFoundError:
            continue
        except (HfHubHTTPError, OSError) as error:
            raise _failed(entry, f"{error}".split("\n")[0]) from error
    raise _failed(entry, "it holds no weight file")


def _from_torchvision(entry: Entry) -> Fetching:
    """Into torch's cache, under the published name; the name ends in the first digits of the content's SHA-256."""
    from finetuner.engine.backbones.sources.torchvision_models import weights_url

    target = on_disk.torch_cache() / entry.file
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_suffix(".part")
    try:
        with urllib.request.urlopen(weights_url(entry.architecture), timeout=_SECONDS) as answer:
            with open(part, "wb") as file:
                yield from _copied(entry, answer, file)
        _check_hash(entry, part)
        os.replace(part, target)
    except (OSError, ValueError) as error:
        raise _failed(entry, str(getattr(error, "reason", error))) from error
    finally:
        part.unlink(missing_ok=True)
    return target


def _copied(entry: Entry, answer: Any, file: BinaryIO) -> Iterator[Event]:
    done, total = 0, int(answer.headers.get("Content-Length") or 0)
    while chunk := answer.read(_CHUNK):
        file.write(chunk)
        done += len(chunk)
        yield Progress(activity=f"Downloading {entry.name}", done=done, total=total or None)


def _check_hash(entry: Entry, path: Path) -> None:
    """Raise FinetunerError when the content is not what the file's name promises."""
    if not on_disk.name_matches_content(entry.file, path):
        raise FinetunerError(
            f"What arrived for {entry.name} is not the published file, and was deleted.",
            "A proxy or login page may stand in between; try again later.",
        )


def _reach(entry: Entry, endpoint: str) -> None:
    """Raise FinetunerError unless somebody answers there; any answer will do."""
    try:
        urllib.request.urlopen(urllib.request.Request(endpoint, method="HEAD"), timeout=_SECONDS).close()
    except urllib.error.HTTPError as error:
        error.close()
    except (OSError, ValueError) as error:
        raise _failed(entry, str(getattr(error, "reason", error))) from error


def _failed(entry: Entry, reason: str) -> FinetunerError:
    return FinetunerError(
        f"The weights of {entry.name} could not be downloaded: {reason}.",
        f"Check the network or the proxy, or put a weight file into {on_disk.weights_dir()}.",
    )
