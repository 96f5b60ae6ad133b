"""The carry file: a network's weights as one file, out of a machine with a network, into one without.

    label      what the file says of itself: backbone, licence, origin, hashes; torch-free
    content    the hash of the tensors, by which a file is checked whenever it is loaded
    journey    carry_out and carry_in, the two long calls

It is a safetensors file like any other, with the label in its metadata: every tool opens it, `--weights` takes it.
"""
