"""Answer and undo: the log row and the schedule, in one transaction. The only writer of both."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.core import signing
from django.db import IntegrityError, transaction
from django.db.models import Exists, Max, OuterRef

from accounts.models import User
from cards.models import Card

from . import days, scheduling
from .models import Enrollment, Mark, Review, Schedule
from .scheduling import Entry, State
from .sm2 import Memory

Kind = Review.Kind
LONGEST = timedelta(minutes=5)  # a longer showing means the learner went away
_signer = signing.Signer(salt="quizzes.answer")


class AnswerRefusedError(Exception):
    """The answer was not written; the message says why, for the learner."""


class ForgedTokenError(AnswerRefusedError):
    """The form is not one we gave to this learner."""


class AnsweredBeforeError(AnswerRefusedError):
    """The card has had an answer since the form was made: a double click, another tab or device."""


@dataclass(frozen=True, slots=True)
class Showing:
    """What an answer form stands for: this card, as it stood after its last log row, shown at this time."""

    learner: int
    card: int
    last: int  # id of the card's last log row, undone ones too; 0 = none
    at: datetime

    @property
    def key(self) -> str:
        """Stored unique on the review, so one showing is graded once."""
        return f"{self.learner}-{self.card}-{self.last}"

    def sign(self) -> str:
        return _signer.sign(f"{self.key}-{int(self.at.timestamp() * 1000)}")


def read_token(token: str, learner: User) -> Showing:
    """ForgedTokenError unless we signed it, for this learner."""
    try:
        owner, card, last, at = (int(part) for part in _signer.unsign(token).split("-"))
    except (signing.BadSignature, ValueError) as error:
        raise ForgedTokenError("This form was not made by Recite, or was damaged on the way.") from error
    if owner != learner.pk:
        raise ForgedTokenError("This form was made for someone else.")
    return Showing(owner, card, last, datetime.fromtimestamp(at / 1000, tz=learner.zone))


def show(learner: User, card: Card, now: datetime) -> Showing:
    """A showing to be signed into the answer form."""
    return Showing(learner.pk, card.pk, _last_row(learner, card.pk), now)


def study_day(learner: User, now: datetime) -> date:
    """The learner's study day: never before the last one logged, wherever he or his clock went."""
    last = learner.reviews.exclude(kind=Kind.IMPORTED).aggregate(last=Max("day"))["last"]
    return days.today(now, learner.zone, learner.day_start, last)


def state_of(schedule: Schedule | None) -> State | None:
    if schedule is None:
        return None
    memory = Memory(schedule.repetitions, schedule.interval, schedule.easiness)
    return State(memory, schedule.due, schedule.graded_on, schedule.reps, schedule.lapses)


def answer(learner: User, showing: Showing, quality: int, now: datetime) -> Review:
    """Log the answer and move the schedule. AnsweredBeforeError if the card was answered since."""
    try:
        with transaction.atomic():
            return _answer(learner, showing, quality, now)
    except IntegrityError as error:  # another request stored this token between our look and our write
        raise AnsweredBeforeError("This card has been answered already.") from error


def _answer(learner: User, showing: Showing, quality: int, now: datetime) -> Review:
    if _last_row(learner, showing.card) != showing.last:
        raise AnsweredBeforeError("This card has been answered already.")
    day = study_day(learner, now)
    before = state_of(learner.schedules.select_for_update().filter(card=showing.card).first())
    kind, after = scheduling.answer(before, quality, day, graded_today(learner, showing.card, day))
    review = _log(learner, showing.card, kind, day, now, after, quality=quality, token=showing.key,
                  duration=min(now - showing.at, LONGEST) // timedelta(milliseconds=1))  # fmt: skip
    if after != before:
        _store(learner, showing.card, after)
    if before is None and after is not None:
        _advance(learner, showing.card)
    return review


def graded_today(learner: User, card: int, day: date) -> bool:
    """Whether the log holds a graded repetition of the card on this study day."""
    graded = [Kind.REVIEW, Kind.QUIZ]
    return learner.reviews.filter(card=card, day=day, kind__in=graded, undone_at=None).exists()


def _last_row(learner: User, card: int) -> int:
    return learner.reviews.filter(card=card).aggregate(last=Max("pk"))["last"] or 0


def _log(
    learner: User, card: int, kind: str, day: date, now: datetime, after: State | None,
    *, quality: int | None = None, token: str | None = None, duration: int = 0, reason: str = "",
) -> Review:  # fmt: skip
    row = Review(
        learner=learner, card_id=card, kind=kind, quality=quality, day=day, at=now,
        duration=max(duration, 0), reason=reason, token=token,
    )  # fmt: skip
    if after is not None:
        row.repetitions, row.interval, row.easiness = _fields(after.memory)
        row.due, row.reps, row.lapses = after.due, after.reps, after.lapses
    row.save(force_insert=True)
    return row


def _fields(memory: Memory) -> tuple[int, int, int]:
    return memory.repetitions, memory.interval, memory.easiness


def _store(learner: User, card: int, state: State | None) -> None:
    """Make the schedule say what the log says."""
    if state is None:
        learner.schedules.filter(card=card).delete()
        return
    repetitions, interval, easiness = _fields(state.memory)
    values = {
        "repetitions": repetitions, "interval": interval, "easiness": easiness, "due": state.due,
        "graded_on": state.graded_on, "reps": state.reps, "lapses": state.lapses,
    }  # fmt: skip
    if not learner.schedules.filter(card=card).update(**values):
        row = Card.objects.get(pk=card)
        suspended = Mark.objects.filter(learner=learner, card=card, suspended_at__isnull=False).exists()
        active = row.retired_at is None and not suspended
        Schedule.objects.create(learner=learner, card=row, deck_id=row.deck_id, active=active, **values)


def _advance(learner: User, card: int) -> None:
    """Move the deck's cursor to the first card that is still new to the learner."""
    deck = Card.objects.values_list("deck", flat=True).get(pk=card)
    enrollment = learner.enrollments.filter(deck=deck).first()
    if enrollment is None:
        return
    new = Card.objects.live().filter(deck=deck, position__gte=enrollment.cursor)
    new = new.filter(~Exists(Schedule.objects.filter(card=OuterRef("pk"), learner=learner)))
    first = new.order_by("position").values_list("position", flat=True).first()
    if first is not None and first > enrollment.cursor:
        Enrollment.objects.filter(pk=enrollment.pk, cursor__lt=first).update(cursor=first)


# --- Undo ----------------------------------------------------------------------------------------


@transaction.atomic
def undo(learner: User, review_id: int, now: datetime) -> Review:
    """Take an answer of this study day back. AnswerRefusedError where it cannot be; 404s are the view's."""
    row = learner.reviews.select_related("card").get(pk=review_id, kind__in=[Kind.REVIEW, Kind.DRILL])
    if row.day != study_day(learner, now):
        raise AnswerRefusedError("Only answers of today can be undone.")
    later = learner.reviews.filter(card=row.card, pk__gt=row.pk, undone_at=None).exclude(kind=Kind.IMPORTED)
    if later.exists():
        raise AnswerRefusedError("This card has been answered or changed since; undo that first.")
    if not learner.reviews.filter(pk=row.pk, undone_at=None).update(undone_at=now):
        raise AnswerRefusedError("That answer was undone already.")
    state = replayed(learner, row.card_id)
    _store(learner, row.card_id, state)
    if state is None:
        learner.enrollments.filter(deck=row.card.deck_id, cursor__gt=row.card.position).update(
            cursor=row.card.position
        )
    return row


def last_undoable(learner: User, decks: list[int], day: date) -> Review | None:
    """The newest answer of the day that still counts."""
    rows = learner.reviews.filter(
        day=day, card__deck__in=decks, undone_at=None, kind__in=[Kind.REVIEW, Kind.DRILL]
    )
    return rows.order_by("-pk").first()


# --- The log replayed ----------------------------------------------------------------------------


def entry(row: Review) -> Entry:
    """A log row as the pure rules read it."""
    state = None
    if row.due is not None and row.interval is not None:
        memory = Memory(row.repetitions or 0, row.interval, row.easiness or 0)
        state = scheduling.placed(memory, row.due, row.reps or 0, row.lapses or 0)
    return Entry(row.kind, row.day, row.quality, state)


def replayed(learner: User, card: int) -> State | None:
    """What the card's schedule must be, by its log."""
    rows = learner.reviews.filter(card=card, undone_at=None).order_by("pk")
    return scheduling.replay(entry(row) for row in rows)


@transaction.atomic
def rebuild(learner: User, card: int) -> None:
    """Make the schedule agree with the log again."""
    _store(learner, card, replayed(learner, card))


def follow_cards(cards: list[int]) -> None:
    """Cards were retired, revived or moved: copy what schedules keep of them, and look for new ones again."""
    suspended = Mark.objects.filter(
        learner=OuterRef("learner"), card=OuterRef("card"), suspended_at__isnull=False
    )
    for card in Card.objects.filter(pk__in=cards):
        schedules = Schedule.objects.filter(card=card)
        schedules.update(deck=card.deck_id)
        if card.retired_at:
            schedules.filter(active=True).update(active=False)
        else:
            schedules.filter(~Exists(suspended), active=False).update(active=True)
        Enrollment.objects.filter(deck=card.deck_id, cursor__gt=card.position).update(cursor=card.position)


def follow_positions(deck_id: int, lowest: int) -> None:
    """Positions from `lowest` on have moved: no cursor may stand beyond."""
    Enrollment.objects.filter(deck=deck_id, cursor__gt=lowest).update(cursor=lowest)
