"""Whole decks come in: from deck files, and the library that ships with the program."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from django.db import transaction

from accounts.models import User
from cards import deckfile, exchange
from cards.exchange import InputError, Problem
from cards.models import Deck, Note, Version, Visibility
from cards.resolving import Resolver, Source

from .documents import ingest
from .notes import fingerprint, refuse, retire_notes, to_exchange, write_note
from .placing import lock, place_cards
from .slugs import unused_slug


@dataclass
class Report:
    """What happened to each note of a load."""

    deck: Deck
    outcomes: dict[str, str] = field(
        default_factory=dict
    )  # guid → created, updated, unchanged, conflict, retired

    def count(self, outcome: str) -> int:
        return sum(value == outcome for value in self.outcomes.values())

    def __str__(self) -> str:
        counts = [
            f"{n} {name}" for name in ("created", "updated", "conflict", "retired") if (n := self.count(name))
        ]
        return f"{self.deck.name}: {', '.join(counts) or 'unchanged'}"


def load_deck(
    owner: User, deck: exchange.Deck, *, visibility: str = Visibility.PRIVATE, retire_missing: bool = False
) -> Report:
    """Create or update a deck from a deck file, by id. InputError if anything is wrong: nothing is stored."""
    resolver = Resolver(deck.file)
    notes = [resolver.resolve(replace(note, tags=(*deck.tags, *note.tags)), owner.pk) for note in deck.notes]
    refuse([*_refusals(owner, deck), *_changed_kinds(owner, deck), *resolver.problems])
    with transaction.atomic():
        row = _deck_row(owner, deck, visibility)
        lock(row)
        report = Report(row)
        known = {
            note.guid: note
            for note in Note.objects.for_loading(owner.pk, row.pk, [n.guid for n in deck.notes])
        }
        for order, (content, sources) in enumerate(notes):
            report.outcomes[content.guid] = _load_note(row, order, content, sources, known.get(content.guid))
        if retire_missing:
            gone = [
                note for guid, note in known.items() if guid not in report.outcomes and not note.retired_at
            ]
            _retire(gone)
            report.outcomes |= {note.guid: "retired" for note in gone}
        place_cards(row)
    return report


def _retire(notes: Sequence[Note]) -> None:
    """Remember that it was the file that retired them, so that the file can bring them back."""
    retire_notes(notes)
    for note in notes:
        note.loaded_hash = fingerprint(to_exchange(note), note.deck, retired=True)
    Note.objects.bulk_update(notes, ["loaded_hash"])


def _refusals(owner: User, deck: exchange.Deck) -> list[Problem]:
    """What the grammar cannot see: ids missing, another's slug, other bytes than the author pinned."""
    mend = "Run load_deck with --assign-ids once; it adds them to the file."
    problems = [Problem(deck.file, n.line, "This note has no id.", mend) for n in deck.notes if not n.guid]
    if Deck.objects.filter(slug=deck.slug).exclude(owner=owner).exists():
        what = f"The slug “{deck.slug}” belongs to another deck."
        problems.append(Problem(deck.file, 1, what, "Choose another slug."))
    pinned = Version.objects.filter(document__slug=deck.source, sha256=deck.source_sha256)
    if deck.source_sha256 and not pinned.exists():
        what = f"“{deck.source}” is not the file with that sha256."
        problems.append(Problem(deck.file, 1, what, "Load that version, or mend the sha256."))
    return problems


def _changed_kinds(owner: User, deck: exchange.Deck) -> list[Problem]:
    """A note keeps its kind for life: Anki would report its new self as conflicting for ever."""
    kinds = dict(
        Note.objects.filter(owner=owner, guid__in=[n.guid for n in deck.notes]).values_list("guid", "kind")
    )
    return [
        Problem(
            deck.file, note.line, f"Note {note.guid} was {kinds[note.guid]} and is {note.kind} now.",
            "Delete its id line and run load_deck with --assign-ids; --retire-missing retires the old note.",
        )
        for note in deck.notes
        if kinds.get(note.guid, note.kind) != note.kind
    ]  # fmt: skip


def _load_note(
    deck: Deck, order: int, content: exchange.Note, sources: Sequence[Source], note: Note | None
) -> str:
    """Three-way: the file against what was last loaded, and what stands in the app against that."""
    incoming = fingerprint(content, deck)
    if note is None:
        note = Note(deck=deck, owner=deck.owner, guid=content.guid, order=order, loaded_hash=incoming)
        write_note(note, content, sources)
        return "created"
    if note.order != order:
        note.order = order
        note.save(update_fields=["order"])
    if incoming == note.loaded_hash:
        return "unchanged"
    current = fingerprint(to_exchange(note), note.deck, retired=note.retired_at is not None)
    if current not in (note.loaded_hash, incoming):
        return "conflict"
    note.deck, note.retired_at, note.loaded_hash = deck, None, incoming
    write_note(note, content, sources, also=["retired_at", "loaded_hash"])
    return "updated"


def _deck_row(owner: User, deck: exchange.Deck, visibility: str) -> Deck:
    """The deck with this slug at this path, parents made as needed. A renamed deck keeps its slug."""
    parent = None
    for name in deck.path[:-1]:
        found = Deck.objects.filter(owner=owner, parent=parent, name=name).first()
        if found and found.slug == deck.slug:
            what = f"The deck “{deck.slug}” cannot stand below itself."
            refuse([Problem(deck.file, 1, what, "Give this file's deck a slug of its own, or another path.")])
        parent = found or Deck.objects.create(
            owner=owner, parent=parent, name=name, slug=unused_slug(name), visibility=visibility
        )
    name = deck.path[-1]
    namesake = Deck.objects.filter(owner=owner, parent=parent, name=name).exclude(slug=deck.slug).first()
    if namesake:
        what = f"Another deck is called “{name}” in the same place; its slug is “{namesake.slug}”."
        refuse([Problem(deck.file, 1, what, "Choose another name, or write that slug.")])
    row, created = Deck.objects.get_or_create(
        slug=deck.slug, defaults={"owner": owner, "parent": parent, "name": name, "visibility": visibility}
    )
    if not created and (row.parent, row.name) != (parent, name):
        row.parent, row.name = parent, name
        row.save(update_fields=["parent", "name"])
    return row


def read_deck_file(path: Path) -> exchange.Deck:
    """Parse a deck file; InputError with file and line."""
    return deckfile.parse(read_text(path), str(path))


def read_text(path: Path) -> str:
    """The file's text with its line endings as they are; InputError unless it is UTF-8."""
    try:
        return path.read_bytes().decode("utf-8")
    except UnicodeDecodeError as error:
        raise InputError(
            [
                Problem(
                    str(path), 0, f"This is not UTF-8 text (byte {error.start}).", "Save the file as UTF-8."
                )
            ]
        ) from error


def load_library(owner: User, folder: Path) -> list[str]:
    """Load documents/*.txt, then decks/*.md, all public. One line for each thing that changed."""
    lines = []
    for path in sorted(folder.glob("documents/*.txt")):
        document, outcome = ingest(
            owner, path.read_bytes(), path.name, slug=path.stem, visibility=Visibility.PUBLIC
        )
        if outcome != "unchanged":
            lines.append(f"{document.title}: {outcome}")
    for path in sorted(folder.glob("decks/*.md")):
        report = load_deck(owner, read_deck_file(path), visibility=Visibility.PUBLIC)
        if report.count("unchanged") < len(report.outcomes):
            lines.append(str(report))
    return lines
