#!/bin/sh
# Remove all that Forger & Detective has stored, and ask before anything of value goes.
cd "$(dirname "$0")/.." || exit 1
set -- uninstall
. ./starter/find.sh
