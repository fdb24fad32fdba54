"""Answer and undo: the log row and the schedule, in one transaction. Nothing else writes the log."""

from datetime import date, datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from accounts.models import User
from cards.models import Card

from . import days, following, scheduling
from .models import Mark, Review, Schedule
from .scheduling import Entry, State
from .sm2 import Memory
from .tokens import Token

Kind = Review.Kind
ANSWERS = [Kind.REVIEW, Kind.DRILL]  # what a person's answer in study is logged as
LONGEST = timedelta(minutes=5)  # a longer showing means the learner went away


class AnswerRefusedError(Exception):
    """Nothing was written; the message tells the learner why."""


def show(learner: User, card: Card, day: date, now: datetime) -> Token:
    """A showing to be signed into the answer form."""
    return Token(learner.pk, card.pk, _last_row(learner, card.pk), day, now)


def study_day(learner: User, now: datetime) -> date:
    """The learner's study day: never before the last one logged, wherever he or his clock went."""
    last = learner.reviews.exclude(kind=Kind.IMPORTED).aggregate(last=Max("day"))["last"]
    return days.today(now, learner.zone, learner.day_start, last)


def state_of(schedule: Schedule | None) -> State | None:
    if schedule is None:
        return None
    memory = Memory(schedule.repetitions, schedule.interval, schedule.easiness)
    return State(memory, schedule.due, schedule.graded_on, schedule.reps, schedule.lapses)


@transaction.atomic
def answer(learner: User, token: Token, quality: int, now: datetime) -> Review:
    """Log the answer and move the schedule. AnswerRefusedError if the card was answered or changed since."""
    if not learner.schedules.filter(card=token.card).exists():
        following.hold_order(token.card)  # the deck before the card, as those who place cards do
    card = _locked(token.card)
    if card.retired_at:
        raise AnswerRefusedError(_("That card is no longer asked. Here is what comes next."))
    day = study_day(learner, now)
    if day != token.day:
        raise AnswerRefusedError(_("A new day has begun since that card was shown. Here is how it goes on."))
    if _last_row(learner, card.pk) != token.last:
        raise _answered_already()
    before = state_of(learner.schedules.filter(card=card).first())
    kind, after = scheduling.answer(before, quality, day, graded_today(learner, card.pk, day))
    shown = max(min(now - token.at, LONGEST), timedelta(0))
    row = _row(learner, card.pk, kind, day, now, after)
    row.quality, row.token, row.duration = quality, token.key, shown // timedelta(milliseconds=1)
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as error:  # where rows cannot be locked, the unique token settles the race
        raise _answered_already() from error
    if after != before:
        _store(learner, card, after)
    if before is None and after is not None:
        following.advance(learner, card.deck_id)
    return row


def _answered_already() -> AnswerRefusedError:
    return AnswerRefusedError(
        _("That card had been answered already, perhaps in another tab. Here is what comes next.")
    )


def _locked(card: int) -> Card:
    """The card, held against answers, undos and retirement until the transaction ends."""
    return Card.objects.select_for_update(no_key=True).get(pk=card)


def graded_today(learner: User, card: int, day: date) -> bool:
    """Whether the log holds a graded repetition of the card on this study day."""
    graded = [Kind.REVIEW, Kind.QUIZ]
    return learner.reviews.filter(card=card, day=day, kind__in=graded, undone_at=None).exists()


def _last_row(learner: User, card: int) -> int:
    return learner.reviews.filter(card=card).aggregate(last=Max("pk"))["last"] or 0


def _row(learner: User, card: int, kind: str, day: date, now: datetime, after: State | None) -> Review:
    """A log row with the state after it, not saved yet."""
    row = Review(learner=learner, card_id=card, kind=kind, day=day, at=now)
    if after is not None:
        row.repetitions, row.interval, row.easiness = _fields(after.memory)
        row.due, row.reps, row.lapses = after.due, after.reps, after.lapses
    return row


def _fields(memory: Memory) -> tuple[int, int, int]:
    return memory.repetitions, memory.interval, memory.easiness


def _store(learner: User, card: Card, state: State | None) -> None:
    """Make the schedule say what the log says."""
    if state is None:
        learner.schedules.filter(card=card).delete()
        following.step_back(learner, card)
        return
    repetitions, interval, easiness = _fields(state.memory)
    values = {
        "repetitions": repetitions, "interval": interval, "easiness": easiness, "due": state.due,
        "graded_on": state.graded_on, "reps": state.reps, "lapses": state.lapses,
    }  # fmt: skip
    if not learner.schedules.filter(card=card).update(**values):
        schedule = Schedule.objects.create(learner=learner, card=card, deck_id=card.deck_id, **values)
        Schedule.objects.filter(pk=schedule.pk).exclude(
            pk__in=following.active(learner.schedules.filter(card=card)).values("pk")
        ).update(active=False)


def mark_read(learner: User, cards: list[Card], now: datetime) -> None:
    """Note that the paragraph which teaches these new cards was read."""
    Mark.objects.bulk_create(
        [Mark(learner=learner, card=card, read_at=now) for card in cards],
        update_conflicts=True, unique_fields=["learner", "card"], update_fields=["read_at"],
    )  # fmt: skip


# --- Undo ----------------------------------------------------------------------------------------


@transaction.atomic
def undo(learner: User, row: Review, now: datetime) -> None:
    """Take an answer of this study day back. AnswerRefusedError where it cannot be."""
    card = _locked(row.card_id)
    if row.kind not in ANSWERS or row.day != study_day(learner, now):
        raise AnswerRefusedError(_("Only answers of today can be undone."))
    later = learner.reviews.filter(card=card, pk__gt=row.pk, undone_at=None).exclude(kind=Kind.IMPORTED)
    if later.exists():
        raise AnswerRefusedError(_("That card has been answered or changed since; undo that first."))
    if not learner.reviews.filter(pk=row.pk, undone_at=None).update(undone_at=now):
        raise AnswerRefusedError(_("That answer was undone already."))
    _store(learner, card, replayed(learner, card.pk))


# --- The log replayed ----------------------------------------------------------------------------


def entry(row: Review) -> Entry:
    """A log row as the pure rules read it."""
    state = None
    if row.due is not None and row.interval is not None:
        memory = Memory(row.repetitions or 0, row.interval, row.easiness or 0)
        state = scheduling.placed(memory, row.due, row.reps or 1, row.lapses or 0)
    return Entry(row.kind, row.day, row.quality, state)


def replayed(learner: User, card: int) -> State | None:
    """What the card's schedule must be, by its log."""
    rows = learner.reviews.filter(card=card, undone_at=None).order_by("pk")
    return scheduling.replay(entry(row) for row in rows)


@transaction.atomic
def rebuild(learner: User, card: int) -> None:
    """Make the schedule agree with the log again."""
    _store(learner, _locked(card), replayed(learner, card))
