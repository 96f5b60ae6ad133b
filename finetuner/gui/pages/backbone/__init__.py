"""The Backbone page: which pretrained network to start from.

page     BackbonePage: the shelf as a table, a local weight file, the download of published weights
detail   Detail: the network at hand in words, and what can be done with it
columns  how the table reads a row of the catalogue
"""

from finetuner.gui.pages.backbone.page import BackbonePage

__all__ = ["BackbonePage"]
