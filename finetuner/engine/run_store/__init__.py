"""A run is a folder, and the folder is the only protocol: who watches reads it, who resumes needs nothing else.

run_folder   the names of its parts; creating and opening one
places       where a new one goes; class_names: the names of its classes, a line each
event_log    events.jsonl: append, read, cut back to a checkpoint
checkpoints  folders that are either complete and verified, or not there
lock         who is training here; released by the system even after kill -9
control      pause, continue, stop: asked for by a file, from any process
thresholds   from which probability on each class is answered; what mistakes cost
unknown      from which score on an image is unknown
runs         listing, comparing, and deleting to the trash
"""
