"""The Explain page: where the network looks when it decides, what it has learned, and whether to believe the picture.

page         ExplanationsPage composes the rest
shelf        the gallery under its heading; which validation images are shown
gallery      the run's validation images, mistakes first, and what was opened
photos       the photos on the board, read and told apart by their content in a thread
method_menu  MethodMenu: the methods under the questions that they answer, several at once
choices      ClassMenu and LayerMenu
plan         which pictures are wanted, and of which it is plain that there can be none
wish         one picture that is wanted, and all that is known of it
bench        where wishes come true one after the other, and what was made is kept
board        photos by methods; frame and cell are what it is made of
status       how far the board is, Cancel
look         original, map or overlay, how strong; look_bar chooses
enlarging    a row of the board in the viewer
saving       pictures as files; keeper asks where
concept      Concept, the second tab: folders in, a score_line for each class out
style        Style, the third tab: a picture painted in the manner of another, with style_options
vacancies    what Photos and Concept say while there is no model; Style needs none
errand       one request under way: its button, progress, Cancel
well         where a folder or a picture is dropped or chosen
words        what a method's picture means, and how far it may be believed
"""

from finetuner.gui.pages.explanations.page import ExplanationsPage

__all__ = ["ExplanationsPage"]
