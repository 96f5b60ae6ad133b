"""The staircase between the engine and the window: everything that leaves the window's thread goes through here.

    worker       Worker: one thread walks one task's events and repeats them as signals
    calls        Calls: starts workers and keeps each until it has ended
    local        LocalTask: a task without torch that runs in the worker thread itself
    live         LiveTask: the newest frame is answered in a thread
    teaching     LessonTask: frames with a name are kept and looked at in a thread
    images       files, Pillow images and arrays as QImage; load_image is what grids and viewers load with

To add a bridge: one file; what is slow runs in a thread of its own, what arrives in the window is a signal of an
object that lives in the window's thread.
"""
