"""The process that talks to the network: `python -m finetuner.engine.backbones.download.child ORDER`.

An order is JSON: which question, with what arguments. The answer is one JSON line on stdout: what was asked for, or
`trouble` and the `status` of the server. It may be ended at any moment (what came lies in the part file), and ends
itself when whoever started it is gone, which closes its stdin.
"""

import json
import os
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from huggingface_hub import HfApi, constants, get_hf_file_metadata, hf_hub_url
from huggingface_hub.file_download import http_get
from huggingface_hub.utils import build_hf_headers  # type: ignore[attr-defined]

# the client writes a file in pieces of this size: small enough to see it grow, and to lose little when cut off
_PIECE = 1 << 16
# what the client raises over a document that is none of the hub's
_NO_HUB = (json.JSONDecodeError, KeyError, TypeError, AttributeError)


def ask_hub(repository: str, revision: str | None, names: Sequence[str]) -> dict[str, Any]:
    """What the hub states about the first of these files that a repository has: commit, size, SHA-256."""
    info = HfApi().model_info(repository, revision=revision, files_metadata=True, timeout=constants.HF_HUB_ETAG_TIMEOUT)
    files = {file.rfilename: file for file in info.siblings or ()}
    name = next((name for name in names if name in files), None)
    if name is None:
        return {"trouble": f"{repository} holds no weight file", "status": 404}
    sha256 = getattr(files[name].lfs, "sha256", None)  # what is not in large-file storage has none
    url = hf_hub_url(repository, name, revision=info.sha)
    return {"url": url, "commit": info.sha, "file": name, "size": files[name].size, "sha256": sha256}


def ask_address(url: str) -> dict[str, Any]:
    """What any server says about a file: its size, where it tells."""
    return {"size": get_hf_file_metadata(url, token=False).size}


def fetch(url: str, part: str, size: int | None, on_hub: bool) -> dict[str, Any]:
    """Fetch a file, or the rest of it, into `part`. The user's token goes to the hub only."""
    constants.DOWNLOAD_CHUNK_SIZE = _PIECE
    with open(part, "ab", buffering=0) as file:
        headers = build_hf_headers() if on_hub else None
        http_get(url, file, resume_size=file.tell(), headers=headers, expected_size=size, displayed_filename="weights")
    return {}


ORDERS: Mapping[str, Callable[..., dict[str, Any]]] = {"hub": ask_hub, "address": ask_address, "fetch": fetch}


def answer(order: dict[str, Any]) -> dict[str, Any]:
    """Do what is asked; trouble is an answer too."""
    question = order.pop("question")
    try:
        return ORDERS[question](**order)
    except Exception as error:  # noqa: BLE001  a process's last door: whoever asked must hear of it
        return _trouble(error)


def _trouble(error: Exception) -> dict[str, Any]:
    response = getattr(error, "response", None)
    if response is not None:
        status = int(response.status_code)
        return {"trouble": f"the server answered {status} {response.reason_phrase}".strip(), "status": status}
    if isinstance(error, _NO_HUB):
        return {"trouble": "what answers there is not the hub, but perhaps a login page", "status": 200}
    said = f"{error}".strip().split("\n")[0].rstrip(".") or type(error).__name__
    return {"trouble": said, "status": 0}


def main() -> None:
    """Answer the order on the command line."""
    threading.Thread(target=_end_with_parent, daemon=True).start()
    print(json.dumps(answer(json.loads(sys.argv[1]))), flush=True)


def _end_with_parent() -> None:
    os.read(sys.stdin.fileno(), 1)  # unbuffered: Python waits at its end for a thread that holds a buffer
    os._exit(1)


if __name__ == "__main__":
    main()
