"""No arguments: the window; otherwise the command line."""

import gc
import os
import sys

# Before torch is imported anywhere: a poisoned weight cache must not be able to run code.
os.environ.setdefault("TORCH_FORCE_WEIGHTS_ONLY_LOAD", "1")


def main() -> int:
    """The `finetuner` command. Returns its exit status."""
    if len(sys.argv) == 1:
        return window()
    from finetuner.cli.app import main as command_line

    return command_line(sys.argv[1:])


def window() -> int:
    """The `finetuner-window` command. Returns its exit status."""
    gc.disable()  # all that is loaded now stays; the window enables it again once it is painted
    from finetuner.gui.app import main as open_window

    return open_window()


if __name__ == "__main__":
    sys.exit(main())
