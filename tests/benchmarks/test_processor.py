import subprocess
import sys
import time

import pytest

from benchmarks.processor import processor_seconds

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="it reads /proc")
BUSY = "import time\nwhile time.process_time() < 0.2: pass"


def test_the_time_of_this_process_is_counted() -> None:
    before, began = processor_seconds(), time.process_time()
    while time.process_time() - began < 0.2:
        pass
    assert processor_seconds() - before >= 0.18


def test_the_time_of_a_child_is_counted() -> None:
    before = processor_seconds()
    subprocess.run([sys.executable, "-c", BUSY], check=True)
    assert processor_seconds() - before >= 0.18
