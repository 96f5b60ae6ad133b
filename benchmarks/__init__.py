"""Measurements for developers: `python -m benchmarks NAME --data DIR --weights FILE`; each prints Markdown.

`all` runs the races against the peers and what else is quick, and writes figures, tables and plots into a folder.

calibration does the temperature lower the calibration error on images it was not fitted on, also in the ONNX file?
downloads   faulty downloads from a server on this machine: is anything bad accepted, has anybody to clean up?
endurance   the Live page with a video for ten minutes: memory, lateness, old frames
exports     every export format of one run, and nine families' .onnx files in OpenVINO and OpenCV as well
families    every family of networks and those promised by name: blocks, plans, a step, Grad-CAM, ONNX
finetune    every weight learns: this program, its peers turn by turn, and the bare step that none can beat
flatness    does the memory stay flat over 60,000 images, and over the epochs?
growth      seconds and memory of a probe against the number of images, their size, and the number of classes
hostile     hostile checkpoints and run folders through every way in: does any of them execute anything?
kills       kill -9 at random moments of a small run: is any run lost, is every resume exact?
lateness    how late the window's event loop is while training runs, and how soon the first page is painted
live        how soon a camera's frame has its label, beside onnxruntime alone
memory      the peak memory of training beside the picker's estimate
probe       until the first model is there: this program, its peers turn by turn, and one look at each image
scan        a scan of many small files beside a bare walk that reads their headers
step        the training step and the look alone, on one batch in memory
strategies  the accuracy of every strategy over several seeds
subsets     cuts small sets that nobody looked at from archives of many classes, for `strategies --sets`
teaching    frames from a camera to a model that knows them: what each part takes
transfer    the network in the box on images it never saw, beside random weights, scratch and ImageNet
unknown     does a score tell the model's classes from other kinds of images, and which score does?
window      how soon the window is painted, beside an empty one

To add one: write a file with a function that takes the parsed arguments and returns a `results.Result`, or prints;
add a line to `__main__.BENCHMARKS`, and its name to `__main__.ALL` where it takes only --data and --weights.
The figures of a machine, once taken, belong into docs/performance.md together with its description.
"""
