"""The one writer: documents, decks, notes and cards change here alone, each call in one transaction."""

from .decks import Report, load_deck, load_library, read_deck_file, read_text
from .documents import ingest
from .notes import fingerprint, ordinals, retire_notes, revive_notes, save_note, stored_citation, to_exchange
from .placing import place_cards
from .slugs import new_guid, unused_slug

__all__ = [
    "Report",
    "fingerprint",
    "ingest",
    "load_deck",
    "load_library",
    "new_guid",
    "ordinals",
    "place_cards",
    "read_deck_file",
    "read_text",
    "retire_notes",
    "revive_notes",
    "save_note",
    "stored_citation",
    "to_exchange",
    "unused_slug",
]
