"""From a folder of files to batches of pixels. torch in deploy, cache, feed, loader and augmentation only.

    names, formats      which names are ignored; what a file is, told from its first bytes
    sizes               width and height from the first bytes, where nothing is in doubt
    decode, colour      a file becomes upright 8-bit RGB by one rule; unreadable: why one does not
    walk, manifest      where the files are: a folder, or the lines of a table
    layouts, candidate  what the layout says of a file: its label and its split
    check               a file is decoded, hashed, and either usable or a problem with a reason; or only its header read
    likeness, groups    which images look alike; bursts: which frames were recorded in one go; together: both at once
    ledger              what earlier scans found out, so that a file is looked at once
    pool                a few threads that work ahead
    readers             processes that look at files, where there are many; reader_process: the other end of the pipe
    inspector           many files, looked at by threads and readers, in order
    tally               what a scan has found so far, and the sum of it
    scan                all of the above, as a stream of events
    health              what a user should know, in sentences
    split               who trains and who validates
    thumbnails          small pictures for a grid
    preprocessing       how an image becomes the network's input, as a value; deploy: the same as a torch module
    cache, pixel_store  pixels decoded once, kept on the disk; pixel_shelf: how much of it, and what gives way
    feed, loader        batches of them, on the device
    augmentation        how training images are varied
    sample              a data set that the project draws itself

To add an image format: a line in `formats.FORMATS`. To add a layout: see `layouts`. To add a health check: a
function in `health` that returns sentences, and its line in `scan`.
"""
