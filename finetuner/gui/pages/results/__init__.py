"""The Results page: how good the model is, and where it errs; every number opens the images behind it.

page        ResultsPage: the run's own validation, or another labelled folder it is scored on
headline    Headline: the figures above all others
verdict     Verdict: scores with the answers behind them, and what they say in words
answers     Answers: the images behind a number, as a grid
labels      Labels: what the user says of them, undone and redone; fixing: the bar where it is said
repair      Repair: likely wrong labels looked for, and the head solved again
per_class   the table of precision, recall and F1; class_curves: ROC and precision against recall
thresholds  ThresholdPanel: below which probability the model is unsure; cost_form: what mistakes cost
limits      Limits: the thresholds in the run's folder, undone and redone; exchange: one step of that, and of labels
image_map   ImageMap: the run's images on a plane; a group of them is chosen and put right
unknown     from where on an image is unknown, below the thresholds
habits      what each class hangs on; looking: how that is asked for
calibration whether 80 % means 80 %; robustness: accuracy against blur, darkness and the like
"""

from finetuner.gui.pages.results.page import ResultsPage

__all__ = ["ResultsPage"]
