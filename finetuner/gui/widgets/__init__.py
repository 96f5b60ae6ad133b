"""Reusable widgets. They know Qt and the theme and nothing of finetuner: plain values in, signals out.

Each file is one widget, or what one of them is made of (`scatter`, `scatter_painter`, `scatter_view`), or several
(`ink`, `strokes`, `ticks`). A widget has an accessible name, works by keyboard alone, takes its colours from the theme
while it paints (`ink.ink()`), so that it follows light and dark, and paints with vectors, so that it is sharp at any
scale. To add one, write a file here and, if it paints, a test that grabs it in both palettes.
"""
