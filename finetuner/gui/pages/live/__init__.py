"""The Live page: a camera, a video or images, and what the model makes of them.

page       LivePage: the choices, the picture and what stands around it
layout     lay_out: where they lie
viewing    Viewing: a source being looked at, answered and drawn; other parts connect to its signals
sources    Sources: what is plugged in, and streams of it; the only part that touches cameras
pasted     Pasted: a picture from the clipboard as a stream
intake     Intake: what is dropped, pasted or named becomes a source or a model
asking     Asking: for a part of the screen (picker), a window, an address
stills     Stills: images as a stream that moves on when asked
answerer   Answerer: the model in its thread; a run is exported to .onnx once (exports), so there is one way to answer
stage      Stage: the frame, large; trouble stands on it with *Try again*
wall       Wall: the first stage, and beside it a Pane for each source more
captures   Captures: the last decisions, single pictures (moment, large), a video (recorder)
heat       Heat: where the model looks, at a pace of its own
actor      Actor: what happens when a label is shown
rival      Rival: a second model on the same frames, and how often the two differ
teaching   Desk: hold a number key to say what is in sight
panel      Panel: the likeliest classes, frames per second, milliseconds per frame
steps      Steps: which image of several, and a way to the next
transport  Transport: where in a video one is; pause, step, seek
setup      Setup: what is looked at, and with which model
more       More: the menu of what is rarely wanted
options    OptionsDialog: options that are rarely changed, in a window of their own
choice     Choice: a menu of things to use, and of ways to get more
"""

from finetuner.gui.pages.live.page import LivePage

__all__ = ["LivePage"]
