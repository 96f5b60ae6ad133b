"""Sizes in device-independent pixels: the 8-pixel grid and the type scale. Nothing else names a size by number."""

GRID = 8
HALF = GRID // 2
GAP = GRID * 2  # between related things
SECTION = GRID * 4  # between sections of a page
MARGIN = GRID * 4  # around a page
RADIUS = 6
CONTROL = GRID * 4  # height of a button or field
ROW = GRID * 4 + HALF  # height of a table row
RAIL = GRID * 25  # width of the side rail
NARROW_RAIL = GRID * 9  # and of one without words
READING = GRID * 80  # widest a paragraph or a form gets
ICON = 20

TYPE = {"small": 12, "body": 13, "heading": 15, "title": 24, "figure": 30}
