# Read by the scripts for macOS and Linux: find a Python that can run the app, and hand over to starter/__main__.py.
# A Python in the folder `python` beside the app comes first, so that a stick can bring its own.
if [ "$(uname)" = Darwin ]; then # where a double click knows only some of these
    PATH="$PATH:/opt/homebrew/bin:/usr/local/bin"
    for version in 3.14 3.13 3.12 3.11; do
        PATH="$PATH:/Library/Frameworks/Python.framework/Versions/$version/bin"
    done
    help="Get Python 3.13 from https://www.python.org/downloads/macos/ and open this file again."
else
    help="Get Python 3.13 and its pip from your Linux, such as: sudo apt install python3 python3-pip"
fi

names="./python/bin/python3 python3.14 python3.13 python3.12 python3.11 python3"
found=
reasons=
for asked in ready fitting; do # one that needs no network comes before a newer one
    for name in $names; do
        python=$(command -v "$name") || continue
        # On a Mac without developer tools this one only asks to install them.
        [ "$(uname) $python" = "Darwin /usr/bin/python3" ] && continue
        if reason=$("$python" starter/fits.py $asked 2>/dev/null); then
            found=$python
            break 2
        fi
        [ $asked = ready ] || reasons="$reasons
$reason"
    done
done

if [ -n "$found" ]; then
    "$found" -m starter "$@"
    code=$?
else
    echo "There is no Python here that can run Forger & Detective.$reasons"
    echo "$help"
    code=1
fi
if [ $code -ne 0 ] && [ -t 0 ]; then
    printf 'Press Enter to close this window. '
    read -r _
fi
exit $code
