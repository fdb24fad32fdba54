"""Tables of what there is to know."""

from .documents import Anchor, Citation, Document, Passage, Version, Visibility
from .notes import Card, Deck, Draft, ForeignType, Media, Note, Tag

__all__ = [
    "Anchor",
    "Card",
    "Citation",
    "Deck",
    "Document",
    "Draft",
    "ForeignType",
    "Media",
    "Note",
    "Passage",
    "Tag",
    "Version",
    "Visibility",
]
