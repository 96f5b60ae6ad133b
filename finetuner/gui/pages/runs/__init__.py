"""The Runs page: everything that was ever trained, and two of them side by side.

page        RunsPage: the table, what can be done with the runs selected
columns     the table's columns, and how a run's figures are written
comparison  Comparison: curves and figures of one run or two
"""

from finetuner.gui.pages.runs.page import RunsPage

__all__ = ["RunsPage"]
