"""The Dataset page: the first start, the scan as it streams in, and what was found.

page         DatasetPage: which of the two faces is shown, and the one action to a first model
welcome      Welcome: drop zone, open, sample, recent data sets
contents     Contents: images, what was set aside, images per class, the split
first_model  FirstModel: after a scan a probe starts by itself, unless cancelled
"""

from finetuner.gui.pages.dataset.page import DatasetPage

__all__ = ["DatasetPage"]
