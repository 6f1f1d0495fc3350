"""Searching in the words that people see, in their language, as far as they have typed."""

import re
import unicodedata
from collections.abc import Iterable, Sequence

WORD = re.compile(r"\d+(?:[.,]\d+)*(?:e[+-]?\d+)?|[^\W\d_]+")

Words = tuple[str, ...]


def words(text: str) -> Words:
    """A text's words and numbers, without capitals, accents and other marks; decimals have a dot."""
    bare = (sign for sign in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(sign))
    return tuple(word.replace(",", ".") for word in WORD.findall("".join(bare)))


class Search:
    """What somebody looks for. Words may stand anywhere, but a setting's name and the number after it belong together.

    So "latent size 8" finds what has the latent size 8, not what has a latent size and an 8 somewhere.
    """

    def __init__(self, sought: str, names: Iterable[str]) -> None:
        """`names` are those of settings, in the language of what is searched."""
        self.groups = _groups(words(sought), [words(name) for name in names])

    def __bool__(self) -> bool:
        return bool(self.groups)

    def finds(self, texts: Iterable[str]) -> bool:
        """Whether each group of words stands in one of the texts."""
        told = [words(text) for text in texts]
        return all(any(_stands_in(text, group) for text in told) for group in self.groups)


def _groups(sought: Words, names: Sequence[Words]) -> list[Words]:
    """The words, with those in one group that have to stand together."""
    together = set()  # places of words that belong to the word before
    for name in names:
        for start in range(len(sought) - len(name) + 1):
            if name and sought[start : start + len(name)] == name:
                together.update(range(start + 1, start + len(name)))
    last = {name[-1] for name in names if name}
    together.update(place for place in range(1, len(sought)) if _is_number(sought[place]) and sought[place - 1] in last)
    groups: list[list[str]] = []
    for place, word in enumerate(sought):
        if place in together:
            groups[-1].append(word)
        else:
            groups.append([word])
    return [tuple(group) for group in groups]


def _stands_in(text: Words, group: Words) -> bool:
    starts = range(len(text) - len(group) + 1)
    return any(all(map(_is_like, group, text[start : start + len(group)])) for start in starts)


def _is_like(sought: str, word: str) -> bool:
    """A number is that number; a word may be a part of another, which also helps where none are parted by spaces."""
    return sought == word if _is_number(sought) else sought in word


def _is_number(word: str) -> bool:
    return word[0].isdigit()
