"""The frame as a PNG, in a folder named after its label: a data set that grows by itself."""

import re
from io import BytesIO

from PIL import Image

from finetuner.engine.errors import FinetunerError
from finetuner.engine.files import write_bytes
from finetuner.engine.prediction.actions.action import ActionsPart, Outcome, Sight

_UNFIT = re.compile(r'[\x00-\x1f<>:"/\\|?*]|^\.+$|[. ]+$')
"""What a folder's name cannot hold, on any system; and what would lead out of the folder."""


class SavedFrame:
    """Writes `FOLDER/LABEL/20260131-154501-250.png`."""

    def wanted(self, options: ActionsPart) -> bool:
        """Whether its option is set."""
        return options.frames is not None

    def act(self, sight: Sight, options: ActionsPart) -> Outcome:
        """Raises FinetunerError when the folder cannot be written to."""
        assert options.frames is not None
        content = BytesIO()
        Image.fromarray(sight.pixels).save(content, "PNG")
        name = f"{sight.time:%Y%m%d-%H%M%S}-{sight.time.microsecond // 1000:03d}.png"
        try:
            write_bytes(options.frames / folder_for(sight.label) / name, content.getvalue())
        except OSError as error:
            raise FinetunerError(f"{options.frames} cannot be written to: {error.strerror}.") from error
        return Outcome()


def folder_for(label: str) -> str:
    """The label as a folder's name."""
    return _UNFIT.sub("_", label) or "_"
