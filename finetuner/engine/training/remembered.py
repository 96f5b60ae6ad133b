"""What was measured on this machine, so that it is measured once: two runs must not differ by a stop-watch's mood."""

import json
from collections.abc import Callable
from typing import Any, TypeVar

from finetuner.engine import paths
from finetuner.engine.files import write_text

Value = TypeVar("Value")


def remembered(file_name: str, key: str, measure: Callable[[], Value], kind: type[Value]) -> Value:
    """What `measure` gave the first time. A damaged memory, or a value of another kind, is measured anew."""
    file = paths.cache_dir() / file_name
    known = _read(file_name)
    if not isinstance(known.get(key), kind):
        known[key] = measure()
        write_text(file, json.dumps(known, indent=1))
    value: Value = known[key]
    return value


def _read(file_name: str) -> dict[str, Any]:
    try:
        return dict(json.loads((paths.cache_dir() / file_name).read_text("utf-8")))
    except (OSError, ValueError, TypeError):
        return {}
