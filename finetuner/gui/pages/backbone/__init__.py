"""The Backbone page: which pretrained network to start from.

page             BackbonePage: the shelf as a table, and what the draft uses
recommendations  Recommendations: a card for each wish, above the table
advice           Advice: every backbone on this disk tried on the user's own images, in their place
shelf            Shelf: the catalogue as a table, and the boxes that leave rows out
columns          how the table reads a row, and where each number comes from
detail, facts    Detail: the network at hand in words, and what can be done with it
draft            what the draft starts from, in a sentence
transfers        Transfers: a download or a carry file on its way, with its progress and a Cancel
meter            SpeedMeter: times backbones while the page is in sight and nothing else works
"""

from finetuner.gui.pages.backbone.page import BackbonePage

__all__ = ["BackbonePage"]
