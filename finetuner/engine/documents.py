"""Reading a file that somebody else may have written: an ordinary one, of bounded size, its JSON not too deep.

A folder that was handed over can hold a pipe in the place of a text, a link to a device, or a list within a list within
a list; each of these would be waited for, read without end, or end the interpreter.
"""

import json
from pathlib import Path
from typing import Any

LARGEST = 64 * 2**20


def read_document(path: Path, largest: int = LARGEST) -> bytes:
    """The content of an ordinary file. Raises OSError when there is none, ValueError when it is larger."""
    if path.exists() and not path.is_file():
        raise OSError(f"{path.name} is no ordinary file")
    with open(path, "rb") as file:
        content = file.read(largest + 1)
    if len(content) > largest:
        raise ValueError(f"{path.name} is larger than {largest >> 20} MB")
    return content


def read_json(path: Path, largest: int = LARGEST) -> Any:
    """The document in a JSON file. Raises OSError when there is none, ValueError when it is none or too deep."""
    try:
        return json.loads(read_document(path, largest))
    except RecursionError as error:
        raise ValueError(f"{path.name} is nested too deeply") from error
