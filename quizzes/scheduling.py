"""The rules around SM-2: what an answer, a move or a set does to a card's state, and the log replayed.
Pure. `day` is always a study day; a state of None is a new card."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta

from quizzes import sm2
from quizzes.sm2 import Memory

GOOD = 4  # an answer graded below comes back the same day
LAPSE_INTERVAL = 6  # days; failing a card with a shorter interval is still learning, no lapse


@dataclass(frozen=True, slots=True)
class State:
    """How a card stands. `graded_on` is the study day its interval began; an early pass keeps it."""

    memory: Memory
    due: date
    graded_on: date
    reps: int = 0  # graded repetitions in all
    lapses: int = 0


@dataclass(frozen=True, slots=True)
class Entry:
    """One row of the log, undone rows left out. `state` is the state after it."""

    kind: str  # review, quiz, drill, moved, set or imported
    day: date
    quality: int | None = None
    state: State | None = None


def answer(
    state: State | None, quality: int, day: date, graded_today: bool = False
) -> tuple[str, State | None]:
    """The kind of row a person's answer makes, and the state after it; ValueError unless quality is 0 to 5.

    `graded_today`: the log holds a graded row of this card on this study day. The state cannot tell.
    """
    sm2.check(quality)
    if graded_today or not counts(state, quality, day):
        return "drill", state
    return "review", grade(state, quality, day)


def counts(state: State | None, quality: int, day: date) -> bool:
    """Whether the day's first answer is graded: a due card's always, a new card's once it passes."""
    return quality >= sm2.PASSING if state is None else is_due(state, day)


def grade(state: State | None, quality: int, day: date) -> State | None:
    """The state after a graded repetition. A failing answer leaves a new card new."""
    if state is None:
        return None if quality < sm2.PASSING else _repeat(State(sm2.NEW, day, day), quality, day)
    if quality >= sm2.PASSING and is_early(state, day):
        return _pass_early(state, day)
    return _repeat(state, quality, day)


def _repeat(state: State, quality: int, day: date) -> State:
    memory = sm2.review(state.memory, quality)
    return State(
        memory=memory,
        due=after(day, memory.interval),
        graded_on=day,
        reps=state.reps + 1,
        lapses=state.lapses + is_lapse(state, quality),
    )


def _pass_early(state: State, day: date) -> State:
    # The interval goes on, so the day it began stays too: at its new due date the card is no longer early.
    earned = sm2.stretch(elapsed(state, day), state.memory.easiness)
    return replace(state, due=max(interval_end(state), after(day, earned)), reps=state.reps + 1)


def move(state: State, due: date) -> State:
    """The state with another due date; its interval and the day that began stay."""
    return replace(state, due=due)


def placed(memory: Memory, due: date, reps: int = 1, lapses: int = 0) -> State:
    """The state a `set` row gives: due when its interval ends, so the interval began that long before."""
    return State(memory, due, after(due, -memory.interval), reps, lapses)


def replay(entries: Iterable[Entry]) -> State | None:
    """The state a card's log gives, oldest row first. Drills and imported history change nothing."""
    state: State | None = None
    for entry in entries:
        state = _apply(state, entry)
    return state


def _apply(state: State | None, entry: Entry) -> State | None:
    match entry:
        case Entry(kind="review" | "quiz", quality=int(quality), day=day):
            return grade(state, quality, day)
        case Entry(kind="moved", state=State(due=due)):
            return state and move(state, due)  # moving a new card means nothing
        case Entry(kind="set"):
            return entry.state
        case Entry(kind="drill" | "imported"):
            return state
    raise ValueError(f"The log row of {entry.day} ({entry.kind}) lacks its quality or its due date.")


def is_due(state: State, day: date) -> bool:
    return day >= state.due


def is_early(state: State, day: date) -> bool:
    """The interval has not run out: whoever asks now asks because the card was brought forward."""
    return elapsed(state, day) < state.memory.interval


def elapsed(state: State, day: date) -> int:
    """Days since the interval began."""
    return (day - state.graded_on).days


def interval_end(state: State) -> date:
    """The due date the card has, or had before it was brought forward."""
    return after(state.graded_on, state.memory.interval)


def needs_repeat(quality: int) -> bool:
    """The answer was not good enough to let the card go for today."""
    return quality < GOOD


def is_lapse(state: State, quality: int) -> bool:
    """A card that had been learnt is failed."""
    return quality < sm2.PASSING and state.memory.interval >= LAPSE_INTERVAL


def after(day: date, days: int) -> date:
    """The date so many days later (earlier if negative), kept inside the calendar."""
    return day + timedelta(days=max(min(days, (date.max - day).days), (date.min - day).days))
