"""What is said of the state of things, in one line."""

from PySide6.QtCore import QCoreApplication

from finetuner.engine.evaluation.certainty import beside
from finetuner.engine.events import LessonFitted
from finetuner.gui.pages.live.teaching.teacher import Teacher

_STILL = 6
"""So many frames with nothing new, one after the other, and somebody should be told."""


def state(teacher: Teacher) -> str:
    """What happens, else what to do next, else how good it is."""
    if teacher.recording and teacher.passed >= _STILL:
        return _tr("Nothing new in these frames: turn it, move it, or change what is behind it.")
    if teacher.recording:
        return _tr("Recording {}. Turn it and move it about.").format(teacher.recording)
    if (step := _next_step(teacher)) or teacher.fitted is None:
        return step or _tr("Learning…")
    return figure(teacher.fitted)


def _next_step(teacher: Teacher) -> str:
    counts = [(number, teacher.count(label)) for number, label in enumerate(teacher.classes, 1)]
    lacking = [number for number, count in counts if not count]
    known = len(teacher.classes) - len(lacking)
    if teacher.run is None and known < 2 and lacking:
        return _tr("Show the camera something and hold {} for a few seconds.").format(lacking[0])
    if teacher.preparing:
        return _tr("Preparing the network. Go on recording meanwhile.")
    return "" if teacher.fitted or teacher.frames else _tr("Hold a number to say: that was this class.")


def figure(fitted: LessonFitted) -> str:
    """How often it is right on what it has not seen, with how sure that is."""
    if not fitted.n:
        return _tr("It is live. Record a class once more, from another side, and it can be measured.")
    right = f"{100 * fitted.hits / fitted.n:.0f}\u202f%"
    words = _tr("Right on {} of frames from recordings it had not seen ({}).")
    return words.format(right, beside(fitted.n, fitted.interval))


def _tr(words: str) -> str:
    return QCoreApplication.translate("Teaching", words)
