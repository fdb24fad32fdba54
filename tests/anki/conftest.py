"""Anki beside us: an empty collection, and a way to bring decks into it."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from anki.collection import Collection, ImportAnkiPackageOptions, ImportAnkiPackageRequest

from accounts.models import User
from cards.access import Viewer
from cards.anki.export import Report, write_package
from cards.library import ingest
from cards.models import Deck

from .asking import BOOK, DECK, LETTER, load

Bring = Callable[..., Report]


@pytest.fixture
def cells(alice: User) -> Deck:
    """A deck of every kind of note, written long ago; the letter is public, the book is not."""
    ingest(alice, LETTER.encode(), "letter.txt", slug="letter", title="A <letter>", visibility="public")
    ingest(alice, BOOK.encode(), "book.txt", slug="book", title="Book & more")
    return load(alice, DECK)


@pytest.fixture
def anki(tmp_path: Path) -> Iterator[Collection]:
    collection = Collection(str(tmp_path / "collection.anki2"))
    yield collection
    collection.close()


@pytest.fixture
def bring(anki: Collection, tmp_path: Path) -> Bring:
    """Export decks as a user sees them, and import the package into Anki."""

    def run(*decks: Deck, user: Viewer | None = None) -> Report:
        path = tmp_path / "deck.apkg"
        with path.open("wb") as file:
            report = write_package(decks, user or decks[0].owner, file)
        options = ImportAnkiPackageOptions()
        anki.import_anki_package(ImportAnkiPackageRequest(package_path=str(path), options=options))
        return report

    return run
