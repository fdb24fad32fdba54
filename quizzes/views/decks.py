"""A deck's page: what is in it, and how it stands for the learner."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from accounts.models import User
from cards import access, citing, rendering
from cards.listing import listed, paged_notes
from cards.models import Note

from .. import progress, queue, reviewing
from ..models import Schedule


@dataclass(frozen=True, slots=True)
class NoteLine:
    """A note in its deck's list, with the least well known of its cards."""

    note: Note
    title: str
    standing: str  # new, weak, young, mature
    schedule: Schedule | None


@require_GET
def deck(request: HttpRequest, slug: str) -> HttpResponse:
    """Everyone who may see the deck sees its notes; a learner also sees how they stand."""
    row = access.deck(request.user, slug)
    page = paged_notes(row, request.GET.get("page"))
    learner = request.user if request.user.is_authenticated else None
    context = {
        "deck": row,
        "page": page,
        "groups": _groups(list(page), request.user, learner),
        "children": listed(access.decks(request.user).filter(parent=row)),
        "studied": bool(learner and queue.enrollments(learner, slug)),
        "plan": _plan(learner, slug) if learner else None,
    }
    return render(request, "quizzes/deck.html", context)


def _plan(learner: User, slug: str) -> queue.Day:
    return queue.load(learner, queue.enrollments(learner, slug), reviewing.study_day(learner, timezone.now()))


def _groups(
    notes: Sequence[Note], viewer: access.Viewer, learner: User | None
) -> list[tuple[citing.Excerpt | None, list[NoteLine]]]:
    """Notes under the passage they cite first, in document order."""
    excerpts = citing.excerpts(notes, viewer)
    day = reviewing.study_day(learner, timezone.now()) if learner else None
    weakest = progress.weakest(learner, [note.pk for note in notes], day) if learner and day else {}
    groups: list[tuple[citing.Excerpt | None, list[NoteLine]]] = []
    for note in notes:
        first = next(iter(excerpts.get(note.pk, [])), None)
        if not groups or not _same_passage(groups[-1][0], first):
            groups.append((first, []))
        groups[-1][1].append(NoteLine(note, rendering.title(note), *weakest.get(note.pk, ("new", None))))
    return groups


def _same_passage(a: citing.Excerpt | None, b: citing.Excerpt | None) -> bool:
    if a is None or b is None:
        return a is b
    return (a.document_id, a.first, a.last) == (b.document_id, b.first, b.last)
