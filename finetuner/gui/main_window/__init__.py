"""The one window: the side rail, the page in sight, what the keys do, and what is asked when it closes.

window       MainWindow: makes each page of PAGES at its first visit
rail         Rail: the steps, the shelf, and at its foot what is working
activity     Activity: the foot of the rail, alive while a scan or a run is under way
shortcuts    SHORTCUTS: every key of the window, and the sheet that lists them
comeback     what is said at the start of runs that went on, or were interrupted
closing      what to do with a run under way when the window closes
"""

from finetuner.gui.main_window.window import MainWindow

__all__ = ["MainWindow"]
