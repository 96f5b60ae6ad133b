"""The Results page: how good the model is, and where it errs; every number opens the images behind it.

page        ResultsPage: the run's own validation, or another labelled folder it is scored on
verdict     Verdict: scores with the answers behind them, and what they say in words
answers     Answers: the images behind a number, as a grid
per_class   the table of precision, recall and F1
"""

from finetuner.gui.pages.results.page import ResultsPage

__all__ = ["ResultsPage"]
