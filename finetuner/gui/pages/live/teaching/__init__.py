"""Teaching on the Live page: hold a number key, and the frames are examples of that class.

teacher    Teacher: what is taught: classes and frames, kept by a thread
recording  Recording: the frames in sight while a class is held
learner    Learner: the head that is live, solved in the engine whenever there is more to learn
done       Done: a recording or a removal that can be taken back
keys       NumberKeys: which number is held, wherever the focus is on the page
card       ClassCard: a class with its name, its last frames and a button to hold
panel      TeachingPanel: the cards in a row, what it comes to, and what can be done with it
desk       Desk: all of them put on a page
words      what is said of the state of things
"""

from finetuner.gui.pages.live.teaching.desk import Desk

__all__ = ["Desk"]
