"""How a starter backbone is made, step by step, so that anybody can make it again.

    python -m starter images  --archives DIR          the archives' images as one array
    python -m starter teacher --weights FILE          what a larger network sees in four views of each image
    python -m starter train                           a small network learns to see the same
    python -m starter publish                         into resources/backbones/starter

Run them with the folder `packaging` on PYTHONPATH. Every step writes below `--work`; interrupted, `teacher` and `train`
go on where they were. On Linux, MALLOC_MMAP_THRESHOLD_=4294967296 and MALLOC_TRIM_THRESHOLD_=8589934592 in
the environment keep memory from going back to the system after every step, which makes `train` a third faster.
"""
