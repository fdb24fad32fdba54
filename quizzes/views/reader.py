"""The reader: a document as a map of the learner's memory."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from cards import access, citing, rendering
from cards.models import Anchor, Document, Note, Passage

from .. import queue, reviewing, standing
from ..models import Schedule


@dataclass(slots=True)
class ReaderNote:
    """A note beside the text."""

    note: Note
    title: str
    standing: str
    schedule: Schedule | None = None
    due: bool = False  # today or before
    here: bool = False  # the one the page was asked to show


@dataclass(slots=True)
class ReaderPassage:
    """A sentence with the notes that cite it; `begins` are those whose quote begins here."""

    passage: Passage
    notes: list[ReaderNote] = field(default_factory=list)
    begins: list[ReaderNote] = field(default_factory=list)
    here: list[Anchor] = field(default_factory=list)  # of the note asked for

    @property
    def standing(self) -> str:
        """Of its weakest card; empty where no card cites it."""
        return min((note.standing for note in self.notes), key=standing.STANDINGS.index, default="")

    @property
    def due(self) -> bool:
        return any(note.due for note in self.notes)

    @property
    def pieces(self) -> Iterable[citing.Piece]:
        return citing.pieces(self.passage, self.here)


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, heading or item: its sentences, and its cards, each once, the one asked for first."""

    passages: list[ReaderPassage]

    @property
    def notes(self) -> list[ReaderNote]:
        begins = {note.note.pk: note for each in self.passages for note in each.begins}
        return sorted(begins.values(), key=lambda note: not note.here)


@require_safe
def reader(request: HttpRequest, slug: str) -> HttpResponse:
    """The document, its cited sentences marked by how their cards stand. `?note=` shows one note's place."""
    document = access.document(request.user, slug)
    day = reviewing.study_day(request.user, timezone.now()) if request.user.is_authenticated else None
    passages = _passages(document, request.user, day, request.GET.get("note", ""))
    prose = [each for each in passages if each.passage.kind != Passage.Kind.HEADING]
    context = {
        "document": document,
        "blocks": _blocks(passages),
        "prose": prose,
        "covered": sum(bool(each.notes) for each in prose),
        "repairs": _repairs(document),
        "arrived": next((each for each in passages if each.here), None),
        "day": day,
    }
    return render(request, "quizzes/reader.html", context)


def _repairs(document: Document) -> list[dict[str, object]]:
    return list(document.current.repairs) if document.current else []


def _passages(document: Document, viewer: access.Viewer, day: date | None, guid: str) -> list[ReaderPassage]:
    found = [
        ReaderPassage(row) for row in Passage.objects.filter(version=document.current).order_by("position")
    ]
    studied = [e.deck_id for e in queue.enrollments(viewer)] if viewer.is_authenticated else []
    visible = access.notes(viewer, studied, guid)
    placed = Anchor.objects.filter(version=document.current, first__isnull=False, citation__note__in=visible)
    anchors = list(placed.select_related("citation__note"))
    notes = _notes({anchor.citation.note for anchor in anchors}, viewer, day, guid)
    for anchor in sorted(anchors, key=lambda anchor: (anchor.start or 0, anchor.citation.note.order)):
        note = notes[anchor.citation.note_id]
        first, last = anchor.first or 0, anchor.last or 0
        found[first].begins.append(note)
        for position in range(first, last + 1):
            found[position].notes.append(note)
            if note.here:
                found[position].here.append(anchor)
    return found


def _notes(
    notes: Iterable[Note], viewer: access.Viewer, day: date | None, guid: str
) -> dict[int, ReaderNote]:
    shown = {
        note.pk: ReaderNote(note, rendering.title(note), "new", here=note.guid == guid) for note in notes
    }
    if day is None:
        return shown
    for pk, (state, schedule) in standing.weakest(viewer, shown, day).items():
        shown[pk].standing, shown[pk].schedule, shown[pk].due = state, schedule, schedule.due <= day
    return shown


def _blocks(passages: list[ReaderPassage]) -> list[Block]:
    blocks: dict[int, list[ReaderPassage]] = defaultdict(list)
    for each in passages:
        blocks[each.passage.block].append(each)
    return [Block(each) for each in blocks.values()]
