"""The one writer: documents, decks, notes and cards change here alone, each call in one transaction."""

from .decks import load_deck, load_library, read_deck_file, read_text
from .documents import ingest
from .notes import retire_notes, revive_notes, save_note, stored_citation, to_exchange
from .shelving import retire_decks, revive_decks, save_deck, save_document
from .slugs import new_guid, unused_slug

__all__ = [
    "ingest",
    "load_deck",
    "load_library",
    "new_guid",
    "read_deck_file",
    "read_text",
    "retire_decks",
    "retire_notes",
    "revive_decks",
    "revive_notes",
    "save_deck",
    "save_document",
    "save_note",
    "stored_citation",
    "to_exchange",
    "unused_slug",
]
