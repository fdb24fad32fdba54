"""The reader: a document as a map of the learner's memory."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from cards import access, rendering
from cards.models import Anchor, Document, Note, Passage

from .. import reviewing, standing
from ..models import Schedule


@dataclass(slots=True)
class ReaderNote:
    """A note beside the text."""

    note: Note
    title: str
    standing: str
    schedule: Schedule | None = None


@dataclass(slots=True)
class ReaderPassage:
    """A sentence with the notes that cite it; `begins` are those whose quote begins here."""

    passage: Passage
    notes: list[ReaderNote] = field(default_factory=list)
    begins: list[ReaderNote] = field(default_factory=list)
    here: bool = False

    @property
    def standing(self) -> str:
        """Of its weakest card; empty where no card cites it."""
        return min((note.standing for note in self.notes), key=standing.STANDINGS.index, default="")


@require_safe
def reader(request: HttpRequest, slug: str) -> HttpResponse:
    """The document, its cited sentences marked by how their cards stand. `?note=` shows one note's place."""
    document = access.document(request.user, slug)
    passages = _passages(document, request.user, request.GET.get("note", ""))
    prose = [each for each in passages if each.passage.kind != Passage.Kind.HEADING]
    context = {
        "document": document,
        "blocks": _blocks(passages),
        "passages": passages,
        "prose": prose,
        "covered": sum(bool(each.notes) for each in prose),
        "repairs": _repairs(document),
        "arrived": next((each for each in passages if each.here), None),
    }
    return render(request, "quizzes/reader.html", context)


def _repairs(document: Document) -> list[dict[str, object]]:
    return list(document.current.repairs) if document.current else []


def _passages(document: Document, viewer: access.Viewer, guid: str) -> list[ReaderPassage]:
    found = [
        ReaderPassage(row) for row in Passage.objects.filter(version=document.current).order_by("position")
    ]
    anchors = list(
        Anchor.objects.filter(
            version=document.current, first__isnull=False, citation__note__in=access.notes(viewer)
        ).select_related("citation__note")
    )
    notes = _notes({anchor.citation.note for anchor in anchors}, viewer)
    for anchor in sorted(anchors, key=lambda anchor: (anchor.start or 0, anchor.citation.note.order)):
        note = notes[anchor.citation.note_id]
        first, last = anchor.first or 0, anchor.last or 0
        found[first].begins.append(note)
        for position in range(first, last + 1):
            found[position].notes.append(note)
            found[position].here |= note.note.guid == guid
    return found


def _notes(notes: Iterable[Note], viewer: access.Viewer) -> dict[int, ReaderNote]:
    shown = {note.pk: ReaderNote(note, rendering.title(note), "new") for note in notes}
    if not viewer.is_authenticated:
        return shown
    day = reviewing.study_day(viewer, timezone.now())
    for pk, (state, schedule) in standing.weakest(viewer, shown, day).items():
        shown[pk].standing, shown[pk].schedule = state, schedule
    return shown


def _blocks(passages: list[ReaderPassage]) -> list[list[ReaderPassage]]:
    """Paragraphs, headings and items, each a list of its sentences."""
    blocks: dict[int, list[ReaderPassage]] = defaultdict(list)
    for each in passages:
        blocks[each.passage.block].append(each)
    return list(blocks.values())
