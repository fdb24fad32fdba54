"""A deck with every kind of note and every trap, and what Anki's own backend says it has of it."""

import io
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from anki.collection import Collection

from accounts.models import User
from cards import deckfile
from cards.anki.export import write_package
from cards.library import load_deck
from cards.models import Deck, Note

if TYPE_CHECKING:  # importing these before anki.collection is a circle
    from anki.cards import Card as AnkiCard
    from anki.notes import Note as AnkiNote

LONG_AGO = datetime(2024, 5, 17, 12, 30, 15, 250_000, tzinfo=UTC)

LETTER = """On Blood

Platelets below <0.5 & falling are "grave". Red cells carry oxygen, and platelets stop bleeding.

The marrow makes every blood cell.
"""
BOOK = """Marrow

Marrow is soft & spongy.
"""
DECK = r"""deck: Blood::Cells
slug: cells
source: letter
tags: blood

Q: How low is *grave*?
A: <0.5 & falling
E: The unit is 10^9.
caution: Ask a **doctor**.
> Platelets below **<0.5 & falling** are "grave"
id: basic00001
tags: zeta alpha::beta

Q: What do red cells carry?
A: Oxygen
R: What carries oxygen?
RA: Red cells
> **Red cells** carry **oxygen**
id: reverse001

Q: Left
A: Right
R:
id: swapped001

C: Platelets stop {{c3::bleeding::what flows}}; \{{c1:: is code,
{{c1::a \}\} b\:\:c::odd\:\:hint}} and {{c3::twice}}.
> platelets stop **bleeding**
id: cloze00001

Q: Where are blood cells made?
- [ ] Spleen
      It filters <old> cells.
- [x] Marrow
- [ ] Liver
- [ ] Heart
> The **marrow** makes every blood cell
source: book
> **Marrow** is soft
id: choice0001

Q: Which are cells of the blood?
kind: multi
- [x] Red cells
- [x] Platelets
- [ ] Neurons
id: choice0002
"""


def load(owner: User, text: str, visibility: str = "public") -> Deck:
    """A deck file, loaded long ago."""
    deck = load_deck(owner, deckfile.parse(text, "deck.md"), visibility=visibility).deck
    Note.objects.filter(deck=deck).update(content_at=LONG_AGO)
    return deck


def export(*decks: Deck) -> bytes:
    out = io.BytesIO()
    write_package(decks, decks[0].owner, out)
    return out.getvalue()


def notes(anki: Collection) -> dict[str, "AnkiNote"]:
    found = [anki.get_note(note_id) for note_id in anki.find_notes("")]
    return {note.guid: note for note in found}


def cards(anki: Collection) -> dict[tuple[str, int], "AnkiCard"]:
    return {(guid, card.ord): card for guid, note in notes(anki).items() for card in note.cards()}


def filled(note: "AnkiNote") -> dict[str, str]:
    return {name: value for name, value in note.items() if value}
