"""What does each class hang on? Habits of a network, told from all held-out images of a class.

places.py      the border, and what is likely background; the network is not asked
conflict.py    which place has the last word when it is laid into a photo of another class
tally.py       what was seen of one class
verdict.py     shares with intervals, whether they are suspicious, and a sentence
picture.py     the average map of a class on its average photo
measure.py     shortcuts(request): images in, ShortcutsMeasured out

A shortcut (Geirhos et al., Shortcut Learning in Deep Neural Networks, 2020) is what tells the classes apart in these
photos and nowhere else: a mark in a corner, a ground on which one class was photographed.
"""
