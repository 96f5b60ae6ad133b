"""PGD (Madry et al., Towards Deep Learning Models Resistant to Adversarial Attacks, 2018)."""

from torch import Tensor

from finetuner.engine.explanations.explanation import Picture
from finetuner.engine.explanations.fragile.attack import Attack, smallest
from finetuner.engine.explanations.subject import Subject

STEPS = 10


class Pgd:
    """Projected gradient descent: many small steps, each back within reach; finds smaller changes than one step."""

    def draw(self, subject: Subject, layer: str | None) -> Picture:
        """Draw x, x' and x' - x magnified, for the smallest e within which the steps flip the answer.

        x <- clip(x + 2.5 e / STEPS sign(d loss / d x)), at most e from the image.
        """
        attack = Attack(subject)

        def changed(most: float) -> Tensor:
            images = subject.images
            for _ in range(STEPS):
                step = 2.5 * most / STEPS * attack.level * attack.direction(images)
                images = attack.within(images + step, most)
                if attack.succeeds(images):
                    break
            return images

        return (yield from smallest(attack, changed, "PGD"))
