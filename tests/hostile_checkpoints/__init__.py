"""More than 200 hostile checkpoints, made in code and the same every time: `all_cases()`.

case               one of them
opcodes            pickles put together by hand
payloads           what they call: harmless, and leaving a canary
executions         the calls in every document, container, protocol and spelling
bombs, archives, safetensors_cases, tensors    everything that is wrong without calling anything
runs               run folders of strangers
ways               every way by which a file's content comes into the program
harness            opens them and watches; `ears` are its audit hooks, `limited_fork` the child as a fork
trigger            shows that the files are loaded

`python -m benchmarks hostile` opens all of them by every way; the test suite a few of each kind.
"""

from tests.hostile_checkpoints.archives import archives, cuts
from tests.hostile_checkpoints.bombs import bombs
from tests.hostile_checkpoints.case import Case
from tests.hostile_checkpoints.executions import executions
from tests.hostile_checkpoints.safetensors_cases import safetensors_cases
from tests.hostile_checkpoints.tensors import disguises, places, tensors


def all_cases() -> list[Case]:
    """Every file, by kind."""
    makers = (executions, bombs, archives, cuts, tensors, disguises, places, safetensors_cases)
    return [case for maker in makers for case in maker()]
