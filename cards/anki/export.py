"""Decks as an Anki package, written through genanki: streamed, and the same bytes for the same content."""

import hashlib
import re
import shutil
import sqlite3
import zipfile
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from itertools import count, islice
from operator import attrgetter
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, BinaryIO, TypeVar

import genanki
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cards import access, citing, markup
from cards.models import Card, Deck, Note
from cards.models.notes import NoteQuerySet

from . import note_types
from .fields import fields

CHUNK = 100  # notes in memory at a time
_EPOCH = (1980, 1, 1, 0, 0, 0)  # the earliest a zip can say
_Item = TypeVar("_Item")


@dataclass
class Report:
    """What went into a package, and what did not."""

    decks: int = 0
    notes: int = 0
    cards: int = 0
    quiz_only: int = 0
    foreign: int = 0  # came from Anki with a note type of their own
    empty: list[str] = field(default_factory=list)  # names of cards with nothing to ask

    def __str__(self) -> str:
        counts = (
            ngettext("%d deck", "%d decks", self.decks) % self.decks,
            ngettext("%d note", "%d notes", self.notes) % self.notes,
            ngettext("%d card", "%d cards", self.cards) % self.cards,
        )
        return "\n".join([", ".join(counts), *self.left_out()])

    def left_out(self) -> list[str]:
        """One line for each reason."""
        quiz_only = ngettext("%d note for quizzes only", "%d notes for quizzes only", self.quiz_only)
        foreign = ngettext("%d note of a foreign type", "%d notes of foreign types", self.foreign)
        counted = [(quiz_only, self.quiz_only), (foreign, self.foreign)]
        reasons = [*(text % number for text, number in counted if number), *self.empty]
        return [_("Left out: %s") % reason for reason in reasons]


def exportable(decks: Collection[Deck]) -> NoteQuerySet:
    """The notes a package of these decks holds."""
    return _live(decks).exclude(use=Note.Use.QUIZ).exclude(kind=Note.Kind.RENDERED)


def _live(decks: Collection[Deck]) -> NoteQuerySet:
    return Note.objects.live().filter(deck__in=decks)


def write_package(decks: Iterable[Deck], user: access.Viewer, out: BinaryIO) -> Report:
    """Write the decks, with the subdecks this user finds, as .apkg into `out`; no other file is left."""
    whole = access.with_below(user, *decks)
    _join_parents(whole)
    # The words in a file are the site's, not those of whoever happens to download it.
    with translation.override(settings.LANGUAGE_CODE), TemporaryDirectory(prefix="recite-anki-") as folder:
        path = Path(folder) / "collection.anki2"
        report = _write_collection(path, whole)
        _write_zip(path, out)
    live = _live(whole)
    report.quiz_only = live.filter(use=Note.Use.QUIZ).exclude(kind=Note.Kind.RENDERED).count()
    report.foreign = live.filter(kind=Note.Kind.RENDERED).count()
    return report


def _join_parents(decks: Iterable[Deck]) -> None:
    """Give the decks their parents, so that naming them asks nothing. One query for each level above."""
    known = {deck.pk: deck for deck in decks}
    while above := {deck.parent_id for deck in known.values() if deck.parent_id} - known.keys():
        known |= Deck.objects.in_bulk(above)
    for deck in known.values():
        deck.parent = known[deck.parent_id] if deck.parent_id else None


def _write_zip(collection: Path, out: BinaryIO) -> None:
    with zipfile.ZipFile(out, "w") as package:
        inside = package.open(_entry(collection.name), "w", force_zip64=True)
        with collection.open("rb") as source, inside as target:
            shutil.copyfileobj(source, target, 2**20)
        package.writestr(_entry("media"), "{}")


def _entry(name: str) -> zipfile.ZipInfo:
    """A file in the zip that does not tell when or where it was made."""
    entry = zipfile.ZipInfo(name, _EPOCH)
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry._compresslevel = 1  # type: ignore[attr-defined]
    entry.create_system = 3
    entry.external_attr = 0o644 << 16
    return entry


def _write_collection(path: Path, decks: Sequence[Deck]) -> Report:
    with closing(sqlite3.connect(path)) as connection:
        # The file is thrown away if anything fails: no need to guard its halves.
        connection.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF")
        cursor = connection.cursor()
        anki_decks = {deck.pk: _anki_deck(deck) for deck in decks}
        for anki_deck in islice(anki_decks.values(), 1):
            anki_deck.models = {model.model_id: model for model in note_types.BY_KIND.values()}
        package = genanki.Package(list(anki_decks.values()))
        package.write_to_db(cursor, note_types.CHANGED_AT, count(1))
        report = _write_notes(cursor, decks, {pk: deck.deck_id for pk, deck in anki_decks.items()})
        connection.commit()
    return report


def _anki_deck(deck: Deck) -> Any:
    return genanki.Deck(deck_id(deck.slug), deck_name(deck))


def deck_id(slug: str) -> int:
    """The same for ever, since slugs survive renaming; in the range of Anki's own ids, milliseconds."""
    return 2**39 + int.from_bytes(hashlib.sha256(slug.encode()).digest()[:8], "big") % 2**39


def deck_name(deck: Deck) -> str:
    """The path Anki makes its tree of, as far as whoever sees the deck may see it; `::` would add a level."""
    names = []
    step: Deck | None = deck
    while step:
        names.append(re.sub(r":{2,}", ":", step.name).strip(":") or step.slug)
        step = step.shown_parent
    return "::".join(reversed(names))


def _write_notes(cursor: sqlite3.Cursor, decks: Sequence[Deck], deck_ids: dict[int, int]) -> Report:
    """Notes in the order they were made, a chunk at a time."""
    report = Report(decks=len(decks))
    rows = exportable(decks).prefetch_related("tags", "cards").order_by("pk").iterator(CHUNK)
    next_id = 0
    for notes in _chunks(rows, CHUNK):
        excerpts = citing.excerpts(notes, AnonymousUser())  # links that anyone can follow
        for note in notes:
            anki_note = _anki_note(note, fields(note, excerpts.get(note.pk, [])), report)
            if not anki_note.cards:
                continue
            # Anki's ids say when a thing was made, in milliseconds.
            next_id = max(next_id, int(note.created_at.timestamp() * 1000))
            anki_note.write_to_db(cursor, note.content_at.timestamp(), deck_ids[note.deck_id], count(next_id))
            next_id += 1 + len(anki_note.cards)
            report.notes += 1
            report.cards += len(anki_note.cards)
    return report


def _chunks(items: Iterator[_Item], size: int) -> Iterator[list[_Item]]:
    while chunk := list(islice(items, size)):
        yield chunk


class _AnkiCard(genanki.Card):  # type: ignore[misc]
    """A new card with a place of its own in the queue; genanki gives all cards of a note one."""

    def __init__(self, card: Card) -> None:
        super().__init__(card.ordinal)
        self.due = card.position

    def write_to_db(self, *where: Any) -> None:
        *rest, _note_due = where
        super().write_to_db(*rest, self.due)


def _anki_note(note: Note, filled: Mapping[str, str], report: Report) -> Any:
    """The note with the cards for which Anki has something to ask; the report names the others."""
    model = note_types.BY_KIND[note.kind]
    values = [filled.get(place["name"], "") for place in model.fields]
    anki_note = genanki.Note(model, values, guid=note.guid, tags=tags(note))
    asked = {card.ord for card in anki_note.cards}
    live = sorted((card for card in note.cards.all() if not card.retired_at), key=attrgetter("ordinal"))
    anki_note.cards = [_AnkiCard(card) for card in live if card.ordinal in asked]
    report.empty += _nothing_to_ask(note, [card.ordinal for card in live if card.ordinal not in asked])
    if not live:
        report.empty += _nothing_to_ask(note, [0])
    return anki_note


def _nothing_to_ask(note: Note, ordinals: Iterable[int]) -> list[str]:
    return [
        _("card %(number)d of %(guid)s “%(text)s”, which has nothing to ask")
        % {"number": ordinal + 1, "guid": note.guid, "text": markup.plain(note.question)}
        for ordinal in ordinals
    ]


def tags(note: Note) -> list[str]:
    """In Anki a space ends a tag."""
    return sorted({name for tag in note.tags.all() if (name := "_".join(tag.name.split()))})
