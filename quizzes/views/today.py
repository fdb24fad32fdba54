"""The page of the day, and choosing what to study."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from accounts.http import SignedInRequest, bad_request, posts_only, see_other
from cards import access
from cards.listing import with_parents

from .. import enrolling, queue, reviewing, standing
from ..forms import DeckForm


@login_required
@require_safe
def today(request: SignedInRequest) -> HttpResponse:
    """What is due today per deck."""
    learner = request.user
    now = timezone.now()
    plan = queue.load(learner, queue.enrollments(learner), reviewing.study_day(learner, now))
    decks = [enrollment.deck_id for enrollment in plan.enrollments]
    choices = with_parents(access.decks(learner).exclude(pk__in=decks)).filter(card_count__gt=0)
    forecast, pace = standing.forecast(plan), standing.pace(learner)
    context = {
        "plan": plan,
        # After midnight the page still shows the day before, and says until when.
        "until": learner.day_start if timezone.localdate(now) > plan.day else None,
        "lines": standing.deck_lines(plan),
        "forecast": forecast if any(coming.count for coming in forecast) else [],
        "minutes": standing.minutes_for(plan.left, pace),
        "paced": pace is not None,
        "breakdown": _breakdown(plan),
        "decks": choices,
    }
    return render(request, "quizzes/today.html", context)


def _breakdown(plan: queue.Day) -> str:
    """Says what the number of cards is made of: "18 to review, 6 new"."""
    due, new, repeats = sum(plan.due_count.values()), len(plan.new), len(plan.repeats)
    parts = [
        due and ngettext("%(n)d to review", "%(n)d to review", due) % {"n": due},
        new and ngettext("%(n)d new", "%(n)d new", new) % {"n": new},
        repeats and ngettext("%(n)d once more", "%(n)d once more", repeats) % {"n": repeats},
    ]
    return ", ".join(part for part in parts if part)


@login_required
@posts_only("quizzes:today")
def enroll(request: SignedInRequest) -> HttpResponse:
    """Begin to study a deck and those below it."""
    form = DeckForm(request.POST)
    if not form.is_valid():
        return bad_request(request, _("Recite could not tell which deck to study."))
    deck = access.deck(request.user, form.cleaned_data["deck"])
    enrolling.enroll(request.user, deck)
    return see_other(request, reverse("quizzes:study-deck", args=[deck.slug]))
