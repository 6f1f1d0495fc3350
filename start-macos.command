#!/bin/sh
# Start Forger & Detective on a Mac by a double click.
cd "$(dirname "$0")" || exit 1
. ./starter/find.sh
