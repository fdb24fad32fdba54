"""How a learner stands: today, at the end of a session, in a deck and in a document."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db.models import Count, Min, Q

from accounts.models import User
from cards.models import Card

from . import queue, study_pages
from .models import Enrollment, Review, Schedule

MATURE = 21  # days of interval from which a card counts as well known
STANDINGS = ("weak", "young", "mature", "new")  # a note or sentence shows its weakest card
PACE = 15  # seconds a card takes a learner we know nothing of


def standing(schedule: Schedule, day: date) -> str:
    """weak: failed last time, or overdue; young; mature."""
    if schedule.repetitions == 0 or schedule.due < day:
        return "weak"
    return "mature" if schedule.interval >= MATURE else "young"


def weakest(learner: User, notes: Iterable[int], day: date) -> dict[int, tuple[str, Schedule]]:
    """Of each note that has a schedule: the standing and schedule of its weakest card, the first due."""
    found: dict[int, tuple[str, Schedule]] = {}
    for schedule in learner.schedules.filter(card__note__in=notes, active=True).select_related("card"):
        one, note = (standing(schedule, day), schedule), schedule.card.note_id
        found[note] = min(found.get(note, one), one, key=lambda pair: (STANDINGS.index(pair[0]), pair[1].due))
    return found


@dataclass(frozen=True, slots=True)
class Summary:
    """The end of a session: how many, how they went, when the next are due."""

    answered: int
    cards: int
    counts: list[tuple[str, int]]
    minutes: int
    next_day: date | None
    next_count: int
    new_left: bool


def summary(plan: queue.Day) -> Summary:
    rows = [row for row in plan.rows if row.quality is not None]
    names = Counter(study_pages.button_name(row.quality) for row in rows if row.quality is not None)
    decks = [enrollment.deck_id for enrollment in plan.enrollments]
    # What is due beyond today's limits comes tomorrow.
    coming = plan.learner.schedules.filter(deck__in=decks, active=True)
    first = coming.aggregate(day=Min("due"))["day"]
    next_day = first and max(first, plan.day + timedelta(days=1))
    return Summary(
        answered=len(rows),
        cards=len({row.card_id for row in rows}),
        counts=[(name, names[name]) for name in map(study_pages.button_name, (2, 3, 4, 5)) if names[name]],
        minutes=round(sum(row.duration for row in rows) / 60_000),
        next_day=next_day,
        next_count=coming.filter(due__lte=next_day).count() if next_day else 0,
        new_left=_new_left(plan),
    )


def _new_left(plan: queue.Day) -> bool:
    """Whether tomorrow brings new cards."""
    decks = [enrollment.deck_id for enrollment in plan.enrollments if enrollment.new_per_day]
    tomorrow = plan.day + timedelta(days=1)
    return queue.new_to(plan.learner, tomorrow).filter(deck__in=decks).exists()


@dataclass(slots=True)
class DeckLine:
    """A deck on the page of the day."""

    enrollment: Enrollment
    due: int
    new: int
    shares: list["Share"] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Share:
    """A stretch of a deck's bar, in per cent of its cards."""

    name: str
    offset: float
    width: float
    count: int


def deck_lines(plan: queue.Day) -> list[DeckLine]:
    decks = [enrollment.deck_id for enrollment in plan.enrollments]
    totals = dict(
        Card.objects.live().filter(deck__in=decks).order_by().values_list("deck").annotate(n=Count("pk"))
    )
    known: dict[int, Counter[str]] = {deck: Counter() for deck in decks}
    schedules = plan.learner.schedules.filter(deck__in=decks, active=True)
    for name, group in _groups(plan.day).items():
        for deck, count in schedules.filter(group).order_by().values_list("deck").annotate(n=Count("pk")):
            known[deck][name] = count
    return [
        DeckLine(
            enrollment,
            due=plan.due_count.get(enrollment.deck_id, 0),
            new=plan.new_count[enrollment.deck_id],
            shares=shares(known[enrollment.deck_id], totals.get(enrollment.deck_id, 0)),
        )
        for enrollment in sorted(plan.enrollments, key=lambda each: each.deck.full_name.casefold())
    ]


def _groups(day: date) -> dict[str, Q]:
    """`standing`, said in SQL."""
    return {
        "mature": Q(repetitions__gt=0, due__gte=day, interval__gte=MATURE),
        "young": Q(repetitions__gt=0, due__gte=day, interval__lt=MATURE),
        "weak": Q(repetitions=0) | Q(due__lt=day),
    }


def shares(counts: Counter[str], total: int) -> list[Share]:
    """The stretches of a bar side by side; what is left over is new."""
    found, offset = [], 0.0
    for name in ("mature", "young", "weak"):
        if total and counts[name]:
            width = round(100 * counts[name] / total, 1)
            found.append(Share(name, offset, width, counts[name]))
            offset = round(offset + width, 1)
    return found


@dataclass(frozen=True, slots=True)
class Forecast:
    day: date
    count: int


def forecast(plan: queue.Day, days: int = 3) -> list[Forecast]:
    """Reviews falling due on each of the coming days; what is beyond today's limits comes tomorrow."""
    decks = [enrollment.deck_id for enrollment in plan.enrollments]
    coming = [plan.day + timedelta(days=n) for n in range(1, days + 1)]
    due = plan.learner.schedules.filter(deck__in=decks, active=True, due__in=coming)
    counts = Counter(dict(due.order_by().values_list("due").annotate(n=Count("pk"))))
    counts[coming[0]] += plan.due_beyond
    return [Forecast(day, counts[day]) for day in coming]


def pace(learner: User) -> float | None:
    """Seconds a card has taken him of late; None until there are enough answers to tell."""
    recent: Iterable[int] = (
        learner.reviews.filter(kind__in=[Review.Kind.REVIEW, Review.Kind.DRILL], undone_at=None)
        .order_by("-pk")
        .values_list("duration", flat=True)[:100]
    )
    durations = sorted(recent)
    return durations[len(durations) // 2] / 1000 if len(durations) >= 20 else None


def minutes_for(cards: int, pace: float | None) -> int:
    """How long so many cards take, at least one minute."""
    return max(1, round(cards * (PACE if pace is None else pace) / 60))
