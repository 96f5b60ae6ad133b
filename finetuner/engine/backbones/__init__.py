"""Backbones: which networks exist, which weights are on this disk, and one of them ready to be trained.

Torch-free, so that the window can ask at once:
    shelf          one entry for each set of published weights, from a table in the resources
    on_disk        where weights may lie: the weights folder, the hub's cache, torchvision's cache
    names          finding an entry by name or words; a wrong name answers with the closest right ones
    catalogue      the shelf as an event, for the picker and the command line
    licences       what the licence of published weights allows
    costs          the memory that training takes, estimated
    speeds         what was timed on this machine, as `training.speed` keeps it
    recommended    a good one for each wish
    choice         from what was asked for (a name, a file, "auto") to an entry and its weights
    fingerprints   to which architecture do these tensors belong?
    download/      the one place that opens a socket, when the user asks
    pins           the manifests of pinned hashes, shipped and the user's own
    integrity      is a cached file what was published? asked at every load
    prefixes       their names, without what wrappers put before them
    refusals       why a weight file is not opened, in one sentence each, with the way out
    foreign        pickled files are opened in a limited child process, and converted once

With torch:
    sources/           one file per origin of architectures; `SOURCES` is the menu
    classic/           LeNet-5, AlexNet, ZFNet, after their papers
    plain              what the sources without timm's conventions share
    network            the chosen architecture with weights, a new head and named blocks
    heads, blocks      the head as one linear map, whatever it is made of; the parameters cut into slices by depth
    trial              does the network take images of the size that was asked for?
    weights            loaded only where they fit, and counted
    carry/             one file out of a machine with a network, into one without
    safetensors_file   a file of unknown origin, read with suspicion
    unpickle           the limited child; with `archive` (what a file is from outside), `bystanders` (what honest
                       checkpoints carry beside weights) and `confinement` (what the child gives up)
    limited_child      how such a child is started, what it is told, what it said; for .onnx files as well
    inspection         a weight file tells its network
    deployed           uint8 image -> probabilities: what predict, evaluate, live and the export share

To add a source: write one file in `sources/`, add one line to `SOURCES` there, and let
`packaging/make_catalogue.py` list its names.
"""
