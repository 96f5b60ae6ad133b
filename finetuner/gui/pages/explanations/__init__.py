"""The Explain page: where the network looks when it decides.

page         ExplanationsPage: an image, a method, a class; one explanation at a time, the newest wish wins
comparison   Comparison: the original and the map side by side, with what the map means
gallery      the run's validation images, mistakes first
method_menu  MethodMenu: the methods under the questions that they answer
words        what a method's picture means
"""

from finetuner.gui.pages.explanations.page import ExplanationsPage

__all__ = ["ExplanationsPage"]
