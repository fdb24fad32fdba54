"""Study: one card after another."""

from datetime import datetime
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.http import SignedInRequest, bad_request, page, see_other
from accounts.models import User
from cards import access
from cards.models import Card

from .. import presenting, progress, queue, reviewing, sm2
from ..forms import AnswerForm, StudyForm

TEMPLATE = "quizzes/study.html"


@login_required
@require_GET
def study(request: SignedInRequest, slug: str = "") -> HttpResponse:
    """The next card, paragraph, or the end of the day's work. Writes nothing."""
    if slug:
        deck = access.deck(request.user, slug)
        if not queue.enrollments(request.user, slug):
            return redirect(deck)
    return _next(request, slug, timezone.now())


@login_required
@require_POST
def answer(request: SignedInRequest) -> HttpResponse:
    """Grade a card and bring the next."""
    form = AnswerForm(request.POST)
    if not form.is_valid():
        return bad_request(
            request, _("That is not a grade Recite gives. Go back and choose one of the buttons.")
        )
    now = timezone.now()
    try:
        showing = reviewing.read_token(form.cleaned_data["token"], request.user)
        card = _studied_card(request.user, showing.card)
        quality = _honest(form.cleaned_data["quality"], form.cleaned_data["chosen"], card)
        reviewing.answer(request.user, showing, quality, now)
    except reviewing.ForgedTokenError:
        return bad_request(request, _("This answer form is not valid here. Nothing was recorded."))
    except reviewing.AnsweredBeforeError:
        notice = _("That card had been answered already, perhaps in another tab. Here is what comes next.")
        return _next(request, form.cleaned_data["deck"], now, notice=notice, status=409)
    return _onward(request, form.cleaned_data["deck"], now)


@login_required
@require_POST
def read(request: SignedInRequest) -> HttpResponse:
    """The learner has read the paragraph that teaches a new card."""
    form = StudyForm(request.POST)
    if not form.is_valid() or not form.cleaned_data["card"]:
        return bad_request(request, _("Recite could not tell which paragraph was read."))
    now, slug = timezone.now(), form.cleaned_data["deck"]
    plan = _plan(request.user, slug, now)
    if not queue.mark_read(plan, form.cleaned_data["card"], now):
        _studied_card(request.user, form.cleaned_data["card"])  # not his: not found; his: no longer new
    return _onward(request, slug, now)


@login_required
@require_POST
def undo(request: SignedInRequest) -> HttpResponse:
    """Take the last answer back and show its card again."""
    form = StudyForm(request.POST)
    if not form.is_valid() or not form.cleaned_data["review"]:
        return bad_request(request, _("Recite could not tell which answer to undo. Nothing was changed."))
    now, slug = timezone.now(), form.cleaned_data["deck"]
    row = get_object_or_404(request.user.reviews, pk=form.cleaned_data["review"])
    try:
        reviewing.undo(request.user, row.pk, now)
    except reviewing.AnswerRefusedError as error:
        return _next(request, slug, now, notice=str(error), status=409)
    return _onward(request, slug, now)


def _studied_card(learner: User, pk: int) -> Card:
    """A live card of a deck he studies; anything else is not found."""
    decks = [enrollment.deck_id for enrollment in queue.enrollments(learner)]
    return get_object_or_404(Card.objects.live().select_related("note"), pk=pk, deck__in=decks)


def _honest(quality: int, chosen: list[int], card: Card) -> int:
    """A wrong choice cannot pass, whatever button came with it."""
    right = {index for index, option in enumerate(card.note.options) if option["right"]}
    if chosen and set(chosen) != right:
        return min(quality, sm2.PASSING - 1)
    return quality


def _plan(learner: User, slug: str, now: datetime) -> queue.Day:
    return queue.load(learner, queue.enrollments(learner, slug), reviewing.study_day(learner, now))


def _onward(request: SignedInRequest, slug: str, now: datetime) -> HttpResponse:
    """After a POST: the next card for HTMX, a redirect for a plain form."""
    if request.htmx:
        return _next(request, slug, now)
    return see_other(
        request, reverse("quizzes:study-deck", args=[slug]) if slug else reverse("quizzes:study")
    )


def _next(
    request: SignedInRequest, slug: str, now: datetime, *, notice: str = "", status: int = 200
) -> HttpResponse:
    plan = _plan(request.user, slug, now)
    chosen = queue.choose(plan, now)
    context: dict[str, Any] = {
        "plan": plan,
        "slug": slug,
        "deck": access.deck(request.user, slug) if slug else None,
        "notice": notice,
        "undoable": plan.rows[-1] if plan.rows else None,
    }
    match chosen:
        case queue.Ask():
            context["shown"] = presenting.shown_card(plan, chosen, now)
        case queue.Read():
            context["reading"] = chosen
            context["document"] = chosen.passages[0].version.document
        case None:
            context["end"] = progress.summary(plan)
    return render(request, page(request, TEMPLATE, "study"), context, status=status)
