"""The Training page: a run as it happens, told again from its events whenever the page is opened.

page       TrainingPage: the story (one `match` over events), pause, stop, cancel, what next
charts     Charts: loss, accuracy, learning rate per block, and the strategy table with its current phase
clock      Clock: where in the run a step lies, in epochs
watching   Watching: one image after each epoch, to be played back
figures    Figures: accuracy, speed, time left, device, memory
"""

from finetuner.gui.pages.training.page import TrainingPage

__all__ = ["TrainingPage"]
