"""Reads the command line, runs a verb, and turns trouble into one sentence and an exit status."""

import os
import sys
import traceback
from collections.abc import Sequence

from cyclopts import App, CycloptsError
from pydantic import ValidationError

from finetuner import __version__
from finetuner.cli import IN_A_LINE, VERBS
from finetuner.cli.usage import WrongUsageError
from finetuner.engine import paths
from finetuner.engine.errors import FinetunerError
from finetuner.engine.files import write_text
from finetuner.engine.job import explain

DONE, FAILED, WRONG_USAGE, INTERRUPTED = 0, 1, 2, 130


def build_app(arguments: Sequence[str] = ()) -> App:
    """The command line with every verb of the menu, each in a line; a verb that is asked for has its own words."""
    app = App(
        name="finetuner",
        help="From a folder of photos to a verified, live image classifier. Without a verb: the window.",
        version=__version__,
        result_action="return_value",
        suppress_keyboard_interrupt=False,
    )
    for name, target in VERBS.items():
        app.command(target, name=name, help=None if name in arguments else IN_A_LINE.get(name))
    return app


def main(arguments: Sequence[str]) -> int:
    """Run one command. 0: done, 1: the work failed, 2: wrong usage; the sentence is on stderr."""
    try:
        build_app(arguments)(list(arguments), exit_on_error=False, print_error=False)
    except CycloptsError as error:
        return _say(_usage(error), WRONG_USAGE)
    except FinetunerError as error:
        return _say(str(error), WRONG_USAGE if isinstance(error, WrongUsageError) else FAILED)
    except KeyboardInterrupt:
        return _say("Stopped.", INTERRUPTED)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAILED
    except Exception as error:  # noqa: BLE001  the last door: whatever it is, the user gets a sentence
        return _say(_unexpected(error), FAILED)
    return DONE


def _say(sentence: str, status: int) -> int:
    print(f"finetuner: {sentence}", file=sys.stderr)
    return status


def _usage(error: CycloptsError) -> str:
    cause = error.__cause__ or error.__context__
    text = explain(cause) if isinstance(cause, ValidationError) else str(error)
    return f"{text.splitlines()[0]} See: finetuner --help"


def _unexpected(error: Exception) -> str:
    told = f"Something unexpected happened ({type(error).__name__}: {error})."
    log, details = paths.data_dir() / "logs" / "last-error.txt", traceback.format_exc()
    try:
        write_text(log, details)
    except OSError:  # the data folder cannot be written, which may be the very trouble
        return told
    return f"{told} The details are in {log}."
