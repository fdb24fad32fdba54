"""What schedules and enrollments copy from the cards, kept true when cards change; and the cursors."""

from collections.abc import Collection

from django.db.models import Exists, F, Min, OuterRef, Q, QuerySet

from accounts.models import User
from cards.models import Card, Deck, Note

from .models import Enrollment, Mark, Schedule


def active(schedules: QuerySet[Schedule]) -> QuerySet[Schedule]:
    """Those that may be studied: the card lives, its note is not for quizzes only, nobody suspended it."""
    suspended = Mark.objects.filter(
        learner=OuterRef("learner"), card=OuterRef("card"), suspended_at__isnull=False
    )
    return schedules.filter(~Exists(suspended), card__retired_at=None).exclude(card__note__use=Note.Use.QUIZ)


def untrue() -> QuerySet[Schedule]:
    """Schedules whose copies differ from what they were copied from."""
    right = active(Schedule.objects.all()).values("pk")
    wrong = (Q(active=True) & ~Q(pk__in=right)) | (Q(active=False) & Q(pk__in=right))
    return Schedule.objects.filter(wrong | ~Q(deck=F("card__deck")))


def follow_cards(cards: Collection[int]) -> None:
    """Cards were retired, revived, moved or put to another use."""
    schedules = Schedule.objects.filter(card__in=cards)
    own_deck = Card.objects.filter(pk=OuterRef("card")).values("deck")[:1]
    schedules.update(active=False, deck=own_deck)
    schedules.filter(pk__in=active(schedules).values("pk")).update(active=True)
    lowest = Card.objects.filter(pk__in=cards).order_by().values_list("deck").annotate(low=Min("position"))
    for deck, position in lowest:
        follow_positions(deck, position)


def follow_positions(deck_id: int, lowest: int) -> None:
    """Positions from `lowest` on have moved: no cursor may stand beyond."""
    Enrollment.objects.filter(deck=deck_id, cursor__gt=lowest).update(cursor=lowest)


def hold_order(card: int) -> None:
    """Whoever places cards holds this lock too: the positions we read are the ones that will stand."""
    Deck.objects.select_for_update(of=("self",), no_key=True).get(cards=card)


def advance(learner: User, deck_id: int) -> None:
    """Move the deck's cursor to the first card that is, or may become, new to the learner; see hold_order."""
    enrollment = learner.enrollments.filter(deck=deck_id).first()
    if enrollment is None:
        return
    known = Schedule.objects.filter(card=OuterRef("pk"), learner=learner)
    new = Card.objects.live().filter(~Exists(known), deck=deck_id, position__gte=enrollment.cursor)
    first = new.order_by("position").values_list("position", flat=True).first()
    if first is not None and first > enrollment.cursor:
        Enrollment.objects.filter(pk=enrollment.pk, cursor__lt=first).update(cursor=first)


def step_back(learner: User, card: Card) -> None:
    """The card is new again: the cursor may not stand beyond it."""
    learner.enrollments.filter(deck=card.deck_id, cursor__gt=card.position).update(cursor=card.position)
