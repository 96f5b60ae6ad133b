"""What is wrong with a command itself rather than with the work it asks for: exit status 2."""

from finetuner.engine.errors import FinetunerError


class WrongUsageError(FinetunerError):
    """The command cannot be meant as it stands."""
