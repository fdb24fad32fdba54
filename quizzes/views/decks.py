"""A deck's page: what is in it, and how it stands for the learner."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.http import HtmxRequest, SignedInRequest, bad_request, see_other
from cards import access, citing, rendering
from cards.listing import common_tags, listed, paged_notes
from cards.models import Note

from .. import enrolling, queue, reviewing, standing
from ..forms import EnrollmentForm
from ..models import Schedule


@dataclass(frozen=True, slots=True)
class NoteLine:
    """A note in its deck's list, with the least well known of its cards."""

    note: Note
    title: str
    tags: list[str]  # but those that every note of the deck has
    standing: str  # new, weak, young, mature
    schedule: Schedule | None


@require_safe
def deck(request: HtmxRequest, slug: str) -> HttpResponse:
    """Everyone who may see the deck sees its notes; a learner also sees how they stand."""
    row = access.deck(request.user, slug)
    page = paged_notes(row, request.GET.get("page"))
    context: dict[str, Any] = {
        "deck": row,
        "page": page,
        "children": listed(access.decks(request.user).filter(parent=row)),
    }
    plan = None
    if request.user.is_authenticated:
        mine, day = queue.enrollments(request.user, slug), reviewing.study_day(request.user, timezone.now())
        plan = queue.load(request.user, mine, day)
        own = next((enrollment for enrollment in mine if enrollment.deck_id == row.pk), None)
        context["studied"], context["unstudied"] = bool(mine), enrolling.unstudied(request.user, row)
        context["settings"] = EnrollmentForm(instance=own) if own else None
    context["plan"] = plan
    context["groups"] = _groups(list(page), request.user, plan, common_tags(row))
    return render(request, "quizzes/deck.html", context)


@login_required
@require_POST
def settings(request: SignedInRequest, slug: str) -> HttpResponse:
    """How I study this deck."""
    row = access.deck(request.user, slug)
    own = get_object_or_404(request.user.enrollments, deck=row, left_at=None)
    form = EnrollmentForm(request.POST, instance=own)
    if not form.is_valid():
        errors = (str(error) for found in form.errors.values() for error in found)
        return bad_request(request, " ".join(errors))
    enrolling.save_settings(form.instance, form.changed_data)
    messages.success(request, _("Saved."))
    return see_other(request, row.get_absolute_url())


@login_required
@require_POST
def leave(request: SignedInRequest, slug: str) -> HttpResponse:
    """Study this deck no longer."""
    row = access.deck(request.user, slug)
    enrolling.leave(request.user, row)
    messages.success(request, _("You no longer study this deck. Your history is kept if you come back."))
    return see_other(request, row.get_absolute_url())


Group = tuple[citing.Excerpt | None, list[NoteLine]]  # a passage, and the notes that cite it first


def _groups(
    notes: Sequence[Note], viewer: access.Viewer, plan: queue.Day | None, common: Collection[str]
) -> list[Group]:
    """Notes under the passage they cite first, in document order."""
    excerpts = citing.excerpts(notes, viewer)
    ids = [note.pk for note in notes]
    weakest = standing.weakest(plan.learner, ids, plan.day) if plan else {}
    groups: list[Group] = []
    for note in notes:
        first = next(iter(excerpts.get(note.pk, [])), None)
        if not groups or not _same_passage(groups[-1][0], first):
            groups.append((first, []))
        tags = [tag.name for tag in note.tags.all() if tag.name not in common]
        line = NoteLine(note, rendering.title(note), tags, *weakest.get(note.pk, ("new", None)))
        groups[-1][1].append(line)
    return groups


def _same_passage(a: citing.Excerpt | None, b: citing.Excerpt | None) -> bool:
    if a is None or b is None:
        return a is b
    return (a.document_id, a.first, a.last) == (b.document_id, b.first, b.last)
