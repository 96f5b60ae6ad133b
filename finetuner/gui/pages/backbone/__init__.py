"""The Backbone page: which pretrained network to start from.

page             BackbonePage: the shelf as a table, a local weight file, the download of published weights
recommendations  Recommendations: a card for each wish, above the table
shelf            Shelf: the catalogue as a table, and the boxes that leave rows out
columns          how the table reads a row, and where each number comes from
detail, facts    Detail: the network at hand in words, and what can be done with it
meter            SpeedMeter: times backbones while the page is in sight and nothing else works
"""

from finetuner.gui.pages.backbone.page import BackbonePage

__all__ = ["BackbonePage"]
