"""The Explain page: where the network looks when it decides.

page         ExplanationsPage: an image, a method, a class; one explanation at a time, the newest wish wins
comparison   Comparison: the original and the map side by side, with what the map means
gallery      the run's validation images, mistakes first
words        how a method is called and what its picture means; a method without an entry goes by its own name
"""

from finetuner.gui.pages.explanations.page import ExplanationsPage

__all__ = ["ExplanationsPage"]
