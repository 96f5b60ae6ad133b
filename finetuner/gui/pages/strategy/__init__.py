"""The Strategy page: what learns, when, and how fast, drawn before anything is trained.

page          StrategyPage: the cards, the plan, the options; Ctrl+Enter trains
plan          PlanPanel: the table, asked of the engine whenever the draft changes
options       OptionsPanel: the essential options of the chosen strategy, the rest under Advanced
race          RacePanel: the strategies against each other, for one budget of time
augmentation  AugmentationPanel: the preset, seen on the user's own image
"""

from finetuner.gui.pages.strategy.page import StrategyPage

__all__ = ["StrategyPage"]
