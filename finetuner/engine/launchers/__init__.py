"""Launchers: where a request runs. All give the same events, because the stream is the only protocol.

    launcher   the contract: Launcher.start(request) -> Task
    tasks      which generator function answers which request
    here       inside the calling thread
    process    the engine's own child process, kept warm; it survives the window
    child      the other end of that pipe
    watch      follows a run that somebody else trains, by its folder

To add one: write a file with a class that keeps the contract, add a line to `LAUNCHERS`.
"""

from finetuner.engine.launchers.here import HereLauncher
from finetuner.engine.launchers.launcher import Launcher, Task
from finetuner.engine.launchers.process import ProcessLauncher
from finetuner.engine.launchers.watch import attach

LAUNCHERS: dict[str, type[Launcher]] = {
    "process": ProcessLauncher,
    "here": HereLauncher,
}

__all__ = ["LAUNCHERS", "HereLauncher", "Launcher", "ProcessLauncher", "Task", "attach"]
