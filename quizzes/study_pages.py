"""What a study page shows of a card: its faces, passages, and what each grade would do."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cards import citing, rendering
from cards.models import Card

from . import queue, reviewing, scheduling, sm2, spoiling
from .folding import ShownExcerpt, folded, neighbours
from .models import Enrollment
from .scheduling import State

BUTTONS = ((2, "1"), (3, "2"), (4, "3"), (5, "4"))  # quality, key


@dataclass(frozen=True, slots=True)
class Grade:
    """A grade button: its name, key, and what it promises."""

    quality: int
    key: str
    name: str
    promise: str
    ease: str  # up, down or empty


@dataclass(frozen=True, slots=True)
class ShownCard:
    """Everything the question page needs."""

    card: Card
    kind: str  # new, due or repeat
    face: rendering.Face
    sources: Sequence[ShownExcerpt]
    grades: Sequence[Grade]
    read: bool  # its paragraph was shown first
    drill: bool  # answers change nothing any more today
    token: str


def shown_card(plan: queue.Day, ask: queue.Ask, now: datetime) -> ShownCard:
    learner, card = plan.learner, ask.card
    token = reviewing.show(learner, card, plan.day, now)
    state = reviewing.state_of(learner.schedules.filter(card=card).first())
    graded = reviewing.graded_today(learner, card.pk, plan.day)
    asked = rendering.asked_words(card.note, card.ordinal)
    excerpts = [
        citing.narrowed(each, asked) for each in citing.excerpts([card.note], learner).get(card.note_id, [])
    ]
    pending = spoiling.pending_places(plan, card, neighbours(excerpts))
    enrollment = next(e for e in plan.enrollments if e.deck_id == card.deck_id)
    return ShownCard(
        card=card,
        kind=ask.kind,
        face=rendering.face(card.note, card.ordinal, seed=token.key),
        sources=folded(excerpts, pending),
        read=card.pk in plan.read_at,
        grades=grades(state, plan.day, graded_today=graded, style=enrollment.grade_style),
        drill=graded,
        token=token.sign(),
    )


def grades(state: State | None, day: date, *, graded_today: bool, style: str) -> list[Grade]:
    """The buttons in their order, each with what it would really do."""
    if style == Enrollment.GradeStyle.NUMBERS:
        pairs = [(quality, str(quality)) for quality in range(6)]
    else:
        pairs = list(BUTTONS)
    return [_grade(state, quality, key, day, graded_today, style) for quality, key in pairs]


def _grade(state: State | None, quality: int, key: str, day: date, graded_today: bool, style: str) -> Grade:
    kind, after = scheduling.answer(state, quality, day, graded_today)
    name = key if style == Enrollment.GradeStyle.NUMBERS else button_name(quality)
    return Grade(quality, key, name, _promise(kind, after, quality, day), _ease(kind, state, after))


def button_name(quality: int) -> str:
    """What the learner calls the quality he gave."""
    return {3: _("Hard"), 4: _("Good"), 5: _("Easy")}.get(quality, _("Again"))


def _promise(kind: str, after: State | None, quality: int, day: date) -> str:
    again = scheduling.needs_repeat(quality)
    if kind == "drill" or after is None:
        return _("again today") if again else _("done for today")
    days = (after.due - day).days
    interval = ngettext("%(n)d day", "%(n)d days", days) % {"n": days}
    return _("again today, then %(interval)s") % {"interval": interval} if again else interval


def _ease(kind: str, before: State | None, after: State | None) -> str:
    if kind == "drill" or after is None:
        return ""
    change = after.memory.easiness - (before.memory if before else sm2.NEW).easiness
    return "up" if change > 0 else "down" if change < 0 else ""
