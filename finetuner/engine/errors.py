"""Trouble a user can meet, told in a sentence with a next step."""


class FinetunerError(Exception):
    """Something went wrong that the user can understand: `sentence` says what, `next_step` what to do."""

    def __init__(self, sentence: str, next_step: str = "") -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.next_step = next_step

    def __str__(self) -> str:
        return f"{self.sentence} {self.next_step}".strip()
