"""Notes are written here, with their citations, tags and cards; schedules of the cards stay."""

import hashlib
import json
from collections.abc import Collection, Iterable, Sequence
from dataclasses import asdict, replace
from datetime import timedelta
from typing import cast

from django.db import transaction
from django.db.models import F, Max
from django.utils import timezone

from cards import cloze, exchange
from cards.exchange import InputError, Problem
from cards.models import Anchor, Card, Citation, Deck, Note, Tag
from cards.resolving import Resolver, Source
from cards.signals import cards_changed

from .placing import lock, place_cards
from .slugs import new_guid

CONTENT_FIELDS = (
    "deck", "owner", "kind", "use", "multi", "question", "answer", "reverse_question", "reverse_answer",
    "explanation", "caution", "options", "accept", "waivers", "content_at",
)  # fmt: skip
ONE_SECOND = timedelta(seconds=1)


def to_exchange(note: Note) -> exchange.Note:
    """The note as it stands, for comparing, editing and exporting."""
    return exchange.Note(
        guid=note.guid,
        kind=cast(exchange.Kind, note.kind),
        question=note.question,
        answer=note.answer,
        reverse_question=note.reverse_question,
        reverse_answer=note.reverse_answer,
        explanation=note.explanation,
        caution=note.caution,
        options=tuple(exchange.Option(**option) for option in note.options),
        multi=note.multi,
        accept=tuple(note.accept),
        use=cast(exchange.Use, note.use),
        tags=tuple(sorted(tag.name for tag in note.tags.all())),
        waivers=tuple(note.waivers),
        citations=tuple(
            exchange.Citation(
                citation.document.slug,
                citation.quote,
                tuple((a, b) for a, b in citation.answers),
                citation.at,
            )
            for citation in note.citations.all()
        ),
    )


def fingerprint(note: exchange.Note, deck: Deck, *, retired: bool = False) -> str:
    """Changes when anything authored does, the deck included; line numbers do not count."""
    values = asdict(note) | {"deck": deck.slug, "retired": retired}
    del values["line"]
    for citation in values["citations"]:
        del citation["line"]
    return hashlib.sha256(json.dumps(values, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def ordinals(note: Note) -> list[int]:
    """Which cards the note generates."""
    if note.kind == "rendered":
        return [side["ordinal"] for side in (note.foreign or {"sides": []})["sides"]]
    if note.kind == "cloze":
        return [number - 1 for number in cloze.numbers(note.question)]
    return [0, 1] if note.kind == "reversed" else [0]


@transaction.atomic
def save_note(deck: Deck, content: exchange.Note, note: Note | None = None) -> Note:
    """Write an edit made in the app. InputError names what is wrong; schedules of its cards stay.

    A note that changes its kind is another note, in Anki too: the old one is retired, the new one returned.
    """
    if note is not None and note.kind != content.kind:
        retire_notes([note])
        note, content = None, replace(content, guid="")
    resolver = Resolver()
    standing = to_exchange(note).citations if note else ()
    resolved, sources = resolver.resolve(content, deck.owner_id, standing)
    refuse(resolver.problems)
    if note is None:
        last = deck.notes.aggregate(last=Max("order"))["last"]
        note = Note(
            deck=deck,
            owner=deck.owner,
            guid=resolved.guid or new_guid(),
            order=0 if last is None else last + 1,
        )
    elif note.deck_id == deck.pk and to_exchange(note) == replace(resolved, guid=note.guid):
        return note
    left = note.deck if note.deck_id != deck.pk else None
    for touched in sorted(filter(None, (deck, left)), key=lambda each: each.pk):
        lock(touched)
    note.deck, note.owner = deck, deck.owner
    write_note(note, replace(resolved, guid=note.guid), sources)
    for touched in filter(None, (deck, left)):
        place_cards(touched)
    return note


def write_note(
    note: Note, content: exchange.Note, sources: Sequence[Source], also: Sequence[str] = ()
) -> None:
    """Fields, tags, citations and cards of one note; the caller places the cards in the deck.

    `also`: fields the caller has set besides. What neither names stays as it is in the database.
    """
    reused = note.pk is not None and note.use != content.use
    note.kind, note.use, note.multi = content.kind, content.use, content.multi
    note.question, note.answer = content.question, content.answer
    note.reverse_question, note.reverse_answer = content.reverse_question, content.reverse_answer
    note.explanation, note.caution = content.explanation, content.caution
    note.options = [asdict(option) for option in content.options]
    note.accept, note.waivers = list(content.accept), list(content.waivers)
    _touch(note)
    if note._state.adding:
        note.save()
    else:
        note.save(update_fields=[*CONTENT_FIELDS, *also])
        note.refresh_from_db(fields=["retired_at"])
    Tag.objects.bulk_create([Tag(name=name) for name in content.tags], ignore_conflicts=True)
    note.tags.set(Tag.objects.filter(name__in=content.tags))
    _write_citations(note, content.citations, sources)
    _write_cards(note, ordinals(note))
    if reused:
        cards_changed.send(Card, cards=list(note.cards.values_list("pk", flat=True)))


def _touch(note: Note) -> None:
    """Anki counts whole seconds: every change moves the time by one at least."""
    note.content_at = timezone.now() if note.pk is None else max(timezone.now(), note.content_at + ONE_SECOND)


def _write_citations(note: Note, cited: Sequence[exchange.Citation], sources: Sequence[Source]) -> None:
    """A citation never changes: one that reads the same stays, with its anchors; the others are replaced."""
    kept = {stored_citation(row): row for row in note.citations.select_related("document")}
    made = {source.citation: source for source in sources}
    note.citations.exclude(pk__in=[kept[citation].pk for citation in cited if citation in kept]).delete()
    note.citations.update(order=F("order") + 1000)  # make room: (note, order) is unique
    for order, citation in enumerate(cited):
        if citation in kept:
            Citation.objects.filter(pk=kept[citation].pk).update(order=order)
        else:
            _cite(note, made[citation], order)


def stored_citation(row: Citation) -> exchange.Citation:
    return exchange.Citation(row.document.slug, row.quote, tuple((a, b) for a, b in row.answers), row.at)


def _cite(note: Note, source: Source, order: int) -> None:
    made = source.citation
    citation = Citation.objects.create(
        note=note, document_id=source.version.document_id, quote=made.quote, answers=made.answers,
        prefix=source.prefix, suffix=source.suffix, at=made.at, order=order,
    )  # fmt: skip
    Anchor.objects.create(
        citation=citation, version=source.version, start=source.start, end=source.end,
        first=source.first, last=source.last,
    )  # fmt: skip


def _write_cards(note: Note, wanted: Collection[int]) -> None:
    """Make, revive or retire cards so that the wanted ordinals are the live ones."""
    cards = {card.ordinal: card for card in note.cards.all()}
    Card.objects.bulk_create(
        Card(note=note, deck=note.deck, ordinal=ordinal) for ordinal in wanted if ordinal not in cards
    )
    changed = []
    for ordinal, card in cards.items():
        live = ordinal in wanted and note.retired_at is None
        if live != (card.retired_at is None) or card.deck_id != note.deck_id:
            card.retired_at = None if live else card.retired_at or timezone.now()
            card.deck = note.deck
            card.save(update_fields=["retired_at", "deck"])
            changed.append(card.pk)
    if changed:
        cards_changed.send(Card, cards=changed)


@transaction.atomic
def retire_notes(notes: Iterable[Note]) -> None:
    """Take notes out of study and quizzes; their cards keep their history."""
    _set_retired(notes, retired=True)


@transaction.atomic
def revive_notes(notes: Iterable[Note]) -> None:
    _set_retired(notes, retired=False)


def _set_retired(notes: Iterable[Note], *, retired: bool) -> None:
    for note in notes:
        if (note.retired_at is not None) == retired:
            continue
        note.retired_at = timezone.now() if retired else None
        _touch(note)
        note.save(update_fields=["retired_at", "content_at"])
        _write_cards(note, ordinals(note))


def refuse(problems: Sequence[Problem]) -> None:
    """Stop here if anything is wrong, before a row is written."""
    if problems:
        raise InputError(sorted(problems, key=lambda problem: problem.line))
