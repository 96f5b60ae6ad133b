"""The Dataset page: the first start, the scan as it streams in, and what was found.

page         DatasetPage: which of the two faces is shown, and the one action to a first model
welcome      Welcome: drop zone, open, sample, recent data sets
contents     Contents: images, what was set aside, images per class, the split
set_aside    SetAside: the files that were set aside, each with its reason
split        SplitForm: how many images validate, and the seed
first_model  FirstModel: after a scan a probe starts by itself, unless cancelled
"""

from finetuner.gui.pages.dataset.page import DatasetPage

__all__ = ["DatasetPage"]
