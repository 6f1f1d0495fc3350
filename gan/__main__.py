"""`python -m gan`: the engine without a browser."""

import sys

from gan.cli.commands import main

if __name__ == "__main__":
    sys.exit(main())
