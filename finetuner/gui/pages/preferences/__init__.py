"""The Preferences page: how the window looks, where the engine works, what the devices can do, where things lie.

page      PreferencesPage
devices   Devices: the self-test, one row for each device, with the reason and the fix
folders   Folders: where runs, data and caches are, and a way to open them
"""

from finetuner.gui.pages.preferences.page import PreferencesPage

__all__ = ["PreferencesPage"]
