"""How much is kept: enough for a solved head, little enough for any disk and any memory."""

MOST_CLASSES = 20
MOST_OF_CLASS = 600
"""Frames. Twenty classes of so many are 1 GB on the disk at most, and 50 MB of features."""
APART = 0.08
"""Seconds between two frames of a burst: those between them add nothing but work."""
WAITING = 32
"""Frames that wait to be looked at; while so many do, new ones are dropped."""
SHORT_SIDE = 480
"""Pixels of a kept frame. Networks see squares of 160 to 384."""
QUALITY = 90
"""Of the JPEG: about 50 kB a frame."""
