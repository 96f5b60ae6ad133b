"""How training images are varied: a whole batch at once, on the device where it lies.

    presets   the menu: what may happen to an image
    draw      what does happen to each image of a batch, by random numbers that are given
    geometry  the part that moves pixels: crop, mirror, shear, shift, turn
    tones     the part that changes them: light, contrast, colour and the rest
    vary      both, one after the other
    preview   a picture of it for the window

To add a preset: a line in `presets.AUGMENTATIONS`, and its name in `job.Augmentation`. To add an operation: a line in
`draw.MOVES` and `geometry`, or in `tones`.
"""
