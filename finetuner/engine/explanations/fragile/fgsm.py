"""FGSM (Goodfellow et al., Explaining and Harnessing Adversarial Examples, 2015)."""

from finetuner.engine.explanations.explanation import Picture
from finetuner.engine.explanations.fragile.attack import Attack, smallest
from finetuner.engine.explanations.subject import Subject


class Fgsm:
    """The fast gradient sign method: one step, the same for every pixel but for its sign."""

    def draw(self, subject: Subject, layer: str | None) -> Picture:
        """Draw x, x' = x + e sign(d loss / d x) for the smallest e that flips the answer, and x' - x magnified."""
        attack = Attack(subject)
        direction = attack.direction(subject.images)
        return (
            yield from smallest(
                attack, lambda most: attack.within(subject.images + most * attack.level * direction, most), "FGSM"
            )
        )
