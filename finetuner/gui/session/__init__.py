"""What all pages share, as objects with signals. A page reads and changes it; it never talks to another page.

    Session     the hub: launcher, job draft, current run, settings, calls, notices, which page to show
    Dataset     session.dataset: the folder, its images as the scan finds them, the result, the split
    Training    session.training: the run under way, its events so far, pause, stop, attach
    Runs        session.runs: all runs of this machine, listed in a thread; discard, follow
    listing     what that thread does

The window's process never imports torch: everything slow is a request, started with `session.call`.
"""

from finetuner.gui.session.dataset import Dataset
from finetuner.gui.session.session import Session
from finetuner.gui.session.training import Training

__all__ = ["Dataset", "Session", "Training"]
