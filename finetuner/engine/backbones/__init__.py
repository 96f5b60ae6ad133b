"""Backbones: which networks exist, which weights are on this disk, and one of them ready to be trained.

    catalogue   the shelf: a table of names, sizes, licences; torch-free, so that the window lists it at once
    on_disk     where weights may lie: the weights folder, the hub cache, torchvision's cache; torch-free
    choice      from what the user asked for (a name, a file, "auto") to an architecture and its weights
    sources/    one file per origin of architectures; `SOURCES` is the menu
    network     the chosen architecture with weights, a new head and named blocks
    weights     foreign files read with suspicion, and loaded only when they fit
    deployed    uint8 image -> probabilities: the module that predict, evaluate, live and the export share

To add a source: write one file in `sources/` and add one line to `SOURCES` there.
"""
