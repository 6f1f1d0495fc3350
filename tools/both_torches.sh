#!/usr/bin/env bash
# Run the suite on the oldest and on the newest torch that requirements.txt allows, each in a new virtual environment.
#
#     tools/both_torches.sh [pytest's arguments]
set -euo pipefail
cd "$(dirname "$0")/.."

oldest() {
    sed -n "s/^$1>=\([0-9.]*\),.*/$1==\1.*/p" requirements.txt
}

failed=0
for torches in "$(oldest torch) $(oldest torchvision)" "torch torchvision"; do
    environment=$(mktemp -d)
    trap 'rm -rf "$environment"' EXIT
    python3 -m venv "$environment"
    # shellcheck disable=SC2086 # two packages
    "$environment/bin/pip" install -q -r requirements-dev.txt $torches
    "$environment/bin/python" -c 'import torch; print("torch", torch.__version__)'
    "$environment/bin/python" -m pytest "$@" || failed=1
    rm -rf "$environment"
done
exit "$failed"
