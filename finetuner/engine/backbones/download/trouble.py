"""What goes wrong on the way, as a sentence with a next step."""

from finetuner.engine.backbones import on_disk
from finetuner.engine.errors import FinetunerError

RANGE_REFUSED = 416
_LICENCE = "Accept its licence on the hub, and set HF_TOKEN to an access token of yours."
_ADVICE = {
    401: _LICENCE,
    403: _LICENCE,
    404: "The server has no such file: choose another backbone, or another mirror.",
    407: "The proxy wants a name and a password: set HTTPS_PROXY to http://name:password@host:port.",
}
_KEPT = "What has come is kept: press Download again and it goes on from there."


class TroubleError(Exception):
    """Why a download came to an end; `status` is the server's, 0 when it gave none."""

    def __init__(self, reason: str, status: int = 0) -> None:
        super().__init__(reason)
        self.reason, self.status = reason, status


def failed(name: str, trouble: TroubleError, kept: bool = False) -> FinetunerError:
    """The weights of `name` could not be downloaded."""
    anyway = f"Check the network or the proxy, or put a weight file into {on_disk.weights_dir()}."
    steps = [_ADVICE.get(trouble.status, anyway), _KEPT if kept else ""]
    return FinetunerError(
        f"The weights of {name} could not be downloaded: {trouble.reason}.", " ".join(filter(None, steps))
    )


def mismatch(name: str, expected: str, found: str) -> FinetunerError:
    """Twice something else arrived."""
    return FinetunerError(
        f"What arrived for {name}, twice, is not the published file, and was deleted: its SHA-256 should be "
        f"{expected}, and is {found}.",
        "A proxy, a login page or a mirror may stand in between; try again elsewhere.",
    )
