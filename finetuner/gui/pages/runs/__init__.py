"""The Runs page: everything that was ever trained, and two of them side by side.

page          RunsPage: the table, what can be done with the runs selected
columns       the table's columns, and how a run's figures are written
comparison    Comparison: one run or two; which of two is better, in a sentence
side_by_side  their curves in one chart, their figures in columns
differences   how far two are apart, class by class
changes       the images whose answer changed
"""

from finetuner.gui.pages.runs.page import RunsPage

__all__ = ["RunsPage"]
