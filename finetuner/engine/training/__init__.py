"""Training: one generator with one loop.

loop          train and resume: the story of a run
setting       what a run needs before its first step: images, network, plan, device
first_start   what a run said when it first began
learner       the network that learns: one step, one validation, its state as bytes
position      where the run stands: step, epoch, best so far
head_solver   logistic regression on frozen features
head_race     which penalty serves it best
head_room     where it is looked for
newton        how it is found
halving       what to do when a batch does not fit into the device's memory
features      the frozen network run once over all images
feature_store what it gave, kept for the next run and found by the image's content
optimiser, schedule, precision, memory_format, batch_norm, targets: one decision each
finish        the best model measured exactly as it will be deployed
speed         milliseconds an image on this machine
hardware      which device works; device_trouble: why one does not
"""
