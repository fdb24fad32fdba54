"""Beginning a deck. The log stays, whatever is left."""

from django.db import transaction

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
