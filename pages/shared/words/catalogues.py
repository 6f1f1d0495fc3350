"""The languages that there are: PO files in `assets/languages`, one each, found by their names.

`es.po` is a language; `en.po` holds the words of the classroom over the engine's technical English (the generator is
the forger there); `en@simple.po` would be a reading level. What a file does not say, the next one in the chain does,
and at its end the sentence in the code. So a language, or a level, is one file.
"""

import io
from functools import cache, lru_cache
from gettext import GNUTranslations, NullTranslations
from pathlib import Path

from babel import Locale, UnknownLocaleError
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

FOLDER = Path(__file__).parents[3] / "assets" / "languages"
FIRST = "en"  # what is spoken where nothing else is asked for


@cache
def languages() -> dict[str, str]:
    """Every language by its tag, such as "zh_Hans", with its own name for itself."""
    tags = sorted(path.stem for path in FOLDER.glob("*.po") if "@" not in path.stem)
    names = {tag: Locale.parse(tag).get_display_name(tag) or tag for tag in tags}
    return {tag: name[:1].upper() + name[1:] for tag, name in names.items()}


@lru_cache(64)  # every sentence asks, and babel takes its time; a link may ask for anything
def best(asked: str | None) -> str:
    """The language for what a browser or a link asks for, such as "es-MX" or "zh-CN"; of several, as in a header of
    HTTP's ("ca,es;q=0.9", RFC 9110, 12.5.4), for the one that is liked best of those that there are.
    """
    found = (_known(tag) for tag in _liked(asked or ""))
    return next(filter(None, found), FIRST)


def _liked(asked: str) -> list[str]:
    """The tags in a header, what is liked best first, and what is not liked at all left out."""
    shares = {}
    for part in asked.split(","):
        tag, _, share = (text.strip() for text in part.partition(";"))
        try:
            shares.setdefault(tag, float(share.removeprefix("q=") or 1))
        except ValueError:  # not as HTTP has it
            shares.setdefault(tag, 1.0)
    return sorted((tag for tag, share in shares.items() if share > 0), key=shares.get, reverse=True)


def _known(tag: str) -> str | None:
    """The language that there is for a tag, if any."""
    try:
        wanted = Locale.parse(tag.replace("-", "_"), sep="_")
    except (ValueError, UnknownLocaleError):
        return None
    known = {tag: Locale.parse(tag) for tag in languages()}
    same = [tag for tag, locale in known.items() if locale.language == wanted.language]
    exact = [tag for tag in same if known[tag].script == wanted.script or not known[tag].script]
    return next(iter([*exact, *same]), None)


@cache
def translations(language: str, level: str = "") -> NullTranslations:
    """The chain of catalogues for a language at a reading level ("" = as it is usually spoken)."""
    levels = [f"@{level}"] if level else []
    found = [f"{tag}{each}" for tag in dict.fromkeys((language, FIRST)) for each in (*levels, "")]
    chain = NullTranslations()
    for name in reversed([name for name in found if (FOLDER / f"{name}.po").is_file()]):
        link = _read(name)
        link.add_fallback(chain)
        chain = link
    return chain


def _read(name: str) -> GNUTranslations:
    with (FOLDER / f"{name}.po").open("rb") as file:
        catalogue = read_po(file, locale=name.partition("@")[0])
    for entry in list(catalogue):
        if entry.pluralizable and not all(entry.string):
            catalogue.delete(entry.id, entry.context)  # it would be taken for translated by the sentence in the code
    compiled = io.BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return GNUTranslations(compiled)
