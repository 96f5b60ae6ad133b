"""Whether the file takes the same images for unknown as the app does."""

import math
from dataclasses import dataclass

from finetuner.engine.exporters.exporter import Answer, Limits
from finetuner.engine.run_store.unknown import Cut


@dataclass
class Verdicts:
    """Counted over the images so far: `contradictions` are other verdicts beyond ties. Without a cut none is given."""

    cut: Cut | None
    limits: Limits
    images: int = 0
    same: int = 0
    contradictions: int = 0
    difference: float = 0.0

    def add(self, app: Answer, file: Answer) -> None:
        """Compare the scores of one image's two answers; one that is missing differs without end."""
        if self.cut is None:
            return
        ours, theirs = (float(answer[2]) if len(answer) > 2 else math.nan for answer in (app, file))
        same = self.cut.unknown(ours) == self.cut.unknown(theirs)
        self.images += 1
        self.same += same
        self.contradictions += not same and abs(ours - self.cut.threshold) > self._tie
        apart = abs(ours - theirs)
        self.difference = max(self.difference, math.inf if math.isnan(apart) else apart)

    def good(self, allowed: int) -> bool:
        """Whether the file may be published, where so many images may get another verdict."""
        near = self.difference <= self.limits.score and math.isfinite(self.difference)
        return near and self.contradictions <= allowed

    def sentence(self) -> str:
        """What was found; nothing where no verdict is given."""
        if not self.images:
            return ""
        return (
            f"Known or unknown: the same on {self.same} of {self.images}; the largest difference in the score is "
            f"{self.difference:.1e}."
        )

    @property
    def _tie(self) -> float:
        return self.limits.score if math.isfinite(self.limits.score) else 0.0
