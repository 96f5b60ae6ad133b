"""The names of the classes: a file whose list is in another order answers with other words, and is held to them."""

from finetuner.engine.errors import FinetunerError
from finetuner.engine.exporters.exporter import Answer, Model, Pixels


def by_name(file: Model, said: tuple[str, ...], classes: tuple[str, ...]) -> Model:
    """The file's answers in the app's order of classes, as the file itself names them.

    Raises FinetunerError when it names other classes than the app.
    """
    if sorted(said) != sorted(classes):
        raise FinetunerError(
            f"The file names {len(said)} classes that are not the app's {len(classes)}.",
            "Nothing was written. Please report this.",
        )
    order = [said.index(name) for name in classes]

    def answer(pixels: Pixels) -> Answer:
        probabilities, logits, *score = file(pixels)
        if len(probabilities) != len(order):
            return probabilities, logits, *score
        return probabilities[order], logits[order], *score

    return answer


def misnamed(said: tuple[str, ...], classes: tuple[str, ...]) -> str:
    """The first class that goes by another name in the file, as a sentence."""
    number, (theirs, ours) = next(
        (number, pair) for number, pair in enumerate(zip(said, classes, strict=True)) if pair[0] != pair[1]
    )
    return f"Its list of classes is in another order: number {number} is called {theirs} there and {ours} in the app."
