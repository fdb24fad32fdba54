"""Study: one card after another."""

from datetime import datetime
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.http import SignedInRequest, bad_request, page, posts_only, see_other
from accounts.models import User
from cards import access
from cards.models import Card

from .. import queue, reviewing, sm2, standing, study_pages, tokens
from ..forms import AnswerForm, StudyForm

TEMPLATE = "quizzes/study.html"


@login_required
@require_safe
def study(request: SignedInRequest, slug: str = "") -> HttpResponse:
    """The next card, paragraph, or the end of the day's work. Writes nothing."""
    if slug:
        deck = access.deck(request.user, slug)
        if not queue.enrollments(request.user, slug):
            return redirect(deck)
    return _next(request, slug, timezone.now())


@login_required
@posts_only("quizzes:study")
def answer(request: SignedInRequest) -> HttpResponse:
    """Grade a card and bring the next."""
    form = AnswerForm(request.POST)
    if not form.is_valid():
        return bad_request(
            request, _("That is not a grade Recite gives. Go back and choose one of the buttons.")
        )
    now, slug = timezone.now(), _scope(request.user, form.cleaned_data["deck"])
    try:
        token = tokens.read(form.cleaned_data["token"], request.user)
        card = _studied_card(request.user, token.card)
        quality = _honest(form.cleaned_data["quality"], form.cleaned_data["chosen"], card)
        reviewing.answer(request.user, token, quality, now)
    except tokens.ForgedTokenError:
        return bad_request(request, _("This answer form is not valid here. Nothing was recorded."))
    except reviewing.AnswerRefusedError as refusal:
        return _next(request, slug, now, notice=str(refusal), status=409)
    return _onward(request, slug, now)


@login_required
@posts_only("quizzes:study")
def read(request: SignedInRequest) -> HttpResponse:
    """The learner has read the paragraph that teaches a new card."""
    form = StudyForm(request.POST)
    if not form.is_valid() or not form.cleaned_data["card"]:
        return bad_request(request, _("Recite could not tell which paragraph was read."))
    now, slug = timezone.now(), _scope(request.user, form.cleaned_data["deck"])
    card = _studied_card(request.user, form.cleaned_data["card"])
    taught = queue.taught_with(_plan(request.user, slug, now), card.pk)
    reviewing.mark_read(request.user, taught, now)
    return _onward(request, slug, now)


@login_required
@posts_only("quizzes:study")
def undo(request: SignedInRequest) -> HttpResponse:
    """Take the last answer back and show its card again."""
    form = StudyForm(request.POST)
    if not form.is_valid() or not form.cleaned_data["review"]:
        return bad_request(request, _("Recite could not tell which answer to undo. Nothing was changed."))
    now, slug = timezone.now(), _scope(request.user, form.cleaned_data["deck"])
    row = get_object_or_404(request.user.reviews, pk=form.cleaned_data["review"])
    try:
        reviewing.undo(request.user, row, now)
    except reviewing.AnswerRefusedError as refusal:
        return _next(request, slug, now, notice=str(refusal), status=409)
    return _onward(request, slug, now)


def _scope(learner: User, slug: str) -> str:
    """Where he is studying: this deck, or everywhere if he no longer can study there."""
    reachable = access.reachable_decks(learner).filter(slug=slug)
    return slug if slug and reachable.exists() and queue.enrollments(learner, slug) else ""


def _studied_card(learner: User, pk: int) -> Card:
    """A card of a deck he studies; anything else is not found."""
    decks = [enrollment.deck_id for enrollment in queue.enrollments(learner)]
    return get_object_or_404(Card.objects.select_related("note"), pk=pk, deck__in=decks)


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
    address = reverse("quizzes:study-deck", args=[slug]) if slug else reverse("quizzes:study")
    return see_other(request, address)


def _next(
    request: SignedInRequest, slug: str, now: datetime, *, notice: str = "", status: int = 200
) -> HttpResponse:
    plan = _plan(request.user, slug, now)
    context: dict[str, Any] = {
        "plan": plan,
        "slug": slug,
        "deck": access.deck(request.user, slug) if slug else None,
        "notice": notice,
        "undoable": plan.rows[-1] if plan.rows else None,
    }
    match queue.choose(plan, now):
        case queue.Ask() as ask:
            context["shown"] = study_pages.shown_card(plan, ask, now)
        case queue.Read() as reading:
            context["reading"] = reading
        case None:
            context["end"] = standing.summary(plan)
    return render(request, page(request, TEMPLATE, "study"), context, status=status)
