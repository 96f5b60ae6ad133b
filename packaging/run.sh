#!/bin/sh
# Set up whatever is missing, then start Finetuner: the window, or with arguments the command line.
# Where there is no display, do the whole main job on the sample data in the terminal.
set -eu
. "$(dirname "$0")/prepare.sh"

has_display() { [ "$(uname -s)" != Linux ] || [ -n "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ]; }

main_job_in_the_terminal() {
    place=$root/runs/sample-$(date +%Y%m%d-%H%M%S)
    say "There is no display here, so this does the whole main job in the terminal, on the sample data, in $place:"
    say "draw pictures, train a classifier, export it, and let the exported file classify the pictures. It takes minutes."
    "$venv/bin/python" -c 'import pathlib, sys; from finetuner.engine.dataset.sample import draw_sample
draw_sample(pathlib.Path(sys.argv[1]))' "$place/pictures"
    step train "$place/pictures" --out "$place/run"
    step export "$place/run" --format onnx --out "$place/model.onnx"
    step predict "$place/model.onnx" "$place/pictures" --csv "$place/predictions.csv" > /dev/null
    say "Done. The model is $place/model.onnx, what it says of each picture is in $place/predictions.csv."
    say "With a display the same command opens the window; '.venv/bin/finetuner --help' shows the command line."
}

step() {
    say ""
    say "\$ finetuner $*"
    "$venv/bin/finetuner" "$@"
}

prepare
if [ $# -gt 0 ]; then exec "$venv/bin/finetuner" "$@"
elif ! has_display; then main_job_in_the_terminal
elif [ -n "$missing" ] && command -v apt-get > /dev/null; then exit 1
else exec "$venv/bin/finetuner"
fi
