#!/bin/sh
# Start Forger & Detective on Linux.
cd "$(dirname "$0")" || exit 1
. ./starter/find.sh
