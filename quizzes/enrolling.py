"""Beginning and leaving a deck. The log stays, whatever is left."""

from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from cards import access
from cards.models import Deck

from .models import Enrollment


@transaction.atomic
def enroll(learner: User, deck: Deck) -> None:
    """Study the deck and every deck below it that the learner may see."""
    for each in access.with_below(learner, deck):
        enrollment, created = Enrollment.objects.get_or_create(learner=learner, deck=each)
        if not created and enrollment.left_at:
            Enrollment.objects.filter(pk=enrollment.pk).update(left_at=None)


def save_settings(enrollment: Enrollment, changed: Sequence[str]) -> None:
    """Keep how he studies the deck; only the fields that changed."""
    if changed:
        enrollment.save(update_fields=changed)


def leave(learner: User, deck: Deck) -> None:
    """Study the deck, and those below it, no longer; schedules and log wait for a return."""
    decks = access.with_below(learner, deck)
    learner.enrollments.filter(deck__in=decks, left_at=None).update(left_at=timezone.now())


def unstudied(learner: User, deck: Deck) -> bool:
    """Whether the deck, or one below it, is not among those he studies."""
    decks = access.with_below(learner, deck)
    return learner.enrollments.filter(deck__in=decks, left_at=None).count() < len(decks)
