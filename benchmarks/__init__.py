"""Measurements for developers: `python -m benchmarks NAME --data DIR --weights FILE`; each prints Markdown.

downloads   faulty downloads from a server on this machine: is anything bad accepted, has anybody to clean up?
families    every family of networks and those promised by name: blocks, plans, a step, Grad-CAM, ONNX
hostile     hostile checkpoints and run folders through every way in: does any of them execute anything?
kills       kill -9 at random moments of a small run: is any run lost, is every resume exact?
lateness    how late the window's event loop is while training runs, and how soon the first page is painted
live        how soon a camera's frame has its label, beside onnxruntime alone
memory      the peak memory of training beside the picker's estimate
scan        a scan of many small files beside a bare walk that reads their headers
strategies  the accuracy of every strategy over several seeds
subsets     cuts small sets that nobody looked at from archives of many classes, for `strategies --sets`
transfer    the network in the box on images it never saw, beside random weights, scratch and ImageNet
window      how soon the window is painted, beside an empty one

To add one: write a file with a function that takes the parsed arguments, add a line to `__main__.BENCHMARKS`.
The figures of a machine, once taken, belong into docs/performance.md together with its description.
"""
