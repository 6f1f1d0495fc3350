"""A folder of languages that a test writes itself."""

import pytest
from babel.messages import Catalog
from babel.messages.pofile import write_po

from pages.shared.words import catalogues, speech


@pytest.fixture
def folder(monkeypatch, tmp_path):
    """An empty folder of languages; `folder(name, {id: (english, translation)})` writes a file there."""

    def write(name: str, sentences: dict[str, tuple]) -> None:
        catalogue = Catalog(locale=name.partition("@")[0])
        for key, (english, translation) in sentences.items():
            catalogue.add(english, translation, context=key)
        with (tmp_path / f"{name}.po").open("wb") as file:
            write_po(file, catalogue)
        forget()

    def forget() -> None:
        for cached in (catalogues.languages, catalogues.translations, speech.bare, speech.markdown, speech.html):
            cached.cache_clear()

    monkeypatch.setattr(catalogues, "FOLDER", tmp_path)
    forget()
    yield write
    forget()
