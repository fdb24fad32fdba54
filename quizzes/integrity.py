"""The log is the truth: finds and rebuilds schedules that say something else."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from accounts.models import User

from . import following, reviewing, scheduling
from .models import Review, Schedule
from .scheduling import State

COPIES = "the schedule's deck or active mark differs from its card's"


@dataclass(frozen=True, slots=True)
class Fault:
    """One schedule that differs from its log; a trouble is a log that cannot be replayed."""

    learner: int
    card: int
    stored: State | None
    replayed: State | None
    trouble: str = ""

    def __str__(self) -> str:
        where = f"learner {self.learner}, card {self.card}"
        if self.trouble:
            return f"{where}: {self.trouble}"
        return f"{where}: stored {_said(self.stored)}; the log says {_said(self.replayed)}"


def _said(state: State | None) -> str:
    if state is None:
        return "new"
    memory = state.memory
    ease = f"{memory.easiness // 100}.{memory.easiness % 100:02}"
    days, lapses = memory.interval, state.lapses
    return f"n {memory.repetitions}, every {days} days, ease {ease}, due {state.due}, {lapses} lapses"


def check() -> tuple[int, list[Fault]]:
    """How many (learner, card) pairs were compared, and those that differ. Reads the log once, in order."""
    stored = {
        (schedule.learner_id, schedule.card_id): reviewing.state_of(schedule)
        for schedule in Schedule.objects.iterator(chunk_size=2000)
    }
    checked, faults = 0, []
    for (learner, card), rows in _logs():
        checked += 1
        fault = _compared(learner, card, stored.pop((learner, card), None), rows)
        if fault:
            faults.append(fault)
    faults += [
        Fault(schedule.learner_id, schedule.card_id, None, None, trouble=COPIES)
        for schedule in following.untrue()
    ]
    # A schedule without a log has nothing to stand on.
    faults += [Fault(learner, card, state, None) for (learner, card), state in stored.items()]
    return checked + len(stored), faults


def _logs() -> Iterator[tuple[tuple[int, int], list[Review]]]:
    rows = Review.objects.order_by("learner", "card", "pk").iterator(chunk_size=2000)
    for key, group in groupby(rows, key=lambda row: (row.learner_id, row.card_id)):
        yield key, list(group)


def _compared(learner: int, card: int, stored: State | None, rows: list[Review]) -> Fault | None:
    try:
        replayed = scheduling.replay(reviewing.entry(row) for row in rows if row.undone_at is None)
    except ValueError as error:
        return Fault(learner, card, stored, None, trouble=str(error))
    return None if replayed == stored else Fault(learner, card, stored, replayed)


def mend(fault: Fault) -> bool:
    """Write what the log and the card say; False for a log that cannot be replayed: a person must look."""
    if fault.trouble == COPIES:
        following.follow_cards([fault.card])
    elif fault.trouble:
        return False
    else:
        reviewing.rebuild(User.objects.get(pk=fault.learner), fault.card)
    return True
