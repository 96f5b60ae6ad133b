"""A few threads that work ahead, their results in the order of the items.

Pillow releases the interpreter lock while it decodes, so threads are enough and nothing is copied.
"""

import os
from collections import deque
from collections.abc import Callable, Generator, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

MAX_THREADS = 8
Item = TypeVar("Item")
Result = TypeVar("Result")


def in_order(
    function: Callable[[Item], Result], items: Iterable[Item], most_ahead: int | None = None
) -> Generator[Result, None, None]:
    """Yield `function(item)` for each item, in order, a few items ahead. Closing waits only for those under way."""
    threads = min(MAX_THREADS, available_cores())
    pool = ThreadPoolExecutor(threads, thread_name_prefix="finetuner-read")
    ahead: deque[Future[Result]] = deque()
    try:
        for item in items:
            ahead.append(pool.submit(function, item))
            if len(ahead) >= (most_ahead or 4 * threads):
                yield ahead.popleft().result()
        while ahead:
            yield ahead.popleft().result()
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def available_cores() -> int:
    """How many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
