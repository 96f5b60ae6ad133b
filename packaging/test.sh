#!/bin/sh
# Set up whatever is missing, the developers' tools included, then run the tests. Arguments go to pytest.
set -eu
. "$(dirname "$0")/prepare.sh"

prepare dev
cd "$root"
exec "$venv/bin/python" -m pytest -n auto "$@"
