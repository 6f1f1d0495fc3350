"""Pictures that people bring: drawings and photos, as files, folders or ZIPs, made into a set like any other.

`sources` finds the files, `decode` opens each, `paper` and `ink` make a picture of a set of it, `reading` does all of
that; `sets` makes a set of what was chosen, and a file of a set; `shelf` keeps sets. Nothing is unpickled, and nothing
that somebody brings is written to disk under a name of theirs. A set's name says what is known of it before it is here
(`naming`). Nothing here imports torch.
"""

from gan.data.own.ink import COLOUR, GREY
from gan.data.own.naming import MOST_KINDS, MOST_PICTURES, is_own
from gan.data.own.reading import Found, Reading, are_coloured, drawn, first_few, made_of, read
from gan.data.own.sets import OwnSet, kind_name, make, pack
from gan.data.own.shelf import find, forget, is_here, is_saved, keep, known, let_go, save, saved, unsaved
from gan.data.own.sources import File, in_file, in_folder

__all__ = [
    "COLOUR", "GREY", "MOST_KINDS", "MOST_PICTURES", "File", "Found", "OwnSet", "Reading", "are_coloured", "drawn",
    "find", "first_few", "forget", "in_file", "in_folder", "is_here", "is_own", "is_saved", "keep", "kind_name",
    "known", "let_go", "made_of", "make", "pack", "read", "save", "saved", "unsaved",
]  # fmt: skip
