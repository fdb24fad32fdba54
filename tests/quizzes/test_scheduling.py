"""The rules around SM-2 by tables, and the log replayed against the state carried forward."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizzes import scheduling, sm2
from quizzes.scheduling import Entry, State, answer, grade, move, placed, replay
from quizzes.sm2 import MAX_INTERVAL, Memory

D0 = date(2026, 3, 1)


def day(number: int) -> date:
    return D0 + timedelta(days=number)


GROWN = State(Memory(3, 15, 250), due=day(15), graded_on=D0, reps=3)
FORWARD = move(GROWN, day(5))  # its quiz answer was wrong on day 4


def graded(state: State | None, quality: int, on: date) -> State:
    """The state after an answer that must count."""
    kind, after = answer(state, quality, on)
    assert kind == "review"
    assert after is not None
    return after


# New cards


@pytest.mark.parametrize("quality", [0, 1, 2])
def test_failing_a_new_card_grades_nothing(quality: int) -> None:
    assert answer(None, quality, D0) == ("drill", None)


@pytest.mark.parametrize(("quality", "easiness"), [(3, 236), (4, 250), (5, 260)])
def test_the_first_pass_brings_a_card_into_the_schedule(quality: int, easiness: int) -> None:
    state = State(Memory(1, 1, easiness), due=day(1), graded_on=D0, reps=1, lapses=0)
    assert answer(None, quality, D0) == ("review", state)


# One graded repetition a day, on due cards only


@pytest.mark.parametrize("state", [None, GROWN, FORWARD])
@pytest.mark.parametrize("quality", range(6))
def test_a_second_answer_on_a_day_is_a_drill(state: State | None, quality: int) -> None:
    assert answer(state, quality, day(20), graded_today=True) == ("drill", state)


@pytest.mark.parametrize("quality", range(6))
def test_an_answer_to_a_card_that_is_not_due_is_a_drill(quality: int) -> None:
    assert answer(GROWN, quality, day(14)) == ("drill", GROWN)


def test_a_card_put_on_today_is_graded_today_though_its_interval_just_began() -> None:
    put = State(Memory(3, 15, 250), due=D0, graded_on=D0)
    assert answer(put, 4, D0)[0] == "review"
    assert answer(put, 4, D0, graded_today=True) == ("drill", put)


@pytest.mark.parametrize("graded_today", [True, False])
@pytest.mark.parametrize("quality", [-1, 6, True, "4"])
@pytest.mark.parametrize("state", [None, GROWN])
def test_a_quality_outside_0_to_5_is_refused(state: State | None, quality: Any, graded_today: bool) -> None:
    with pytest.raises(ValueError, match="from 0 to 5"):
        answer(state, quality, D0, graded_today)


# Due cards


def test_five_good_answers_each_on_its_due_day() -> None:
    state: State | None = None
    due = []
    on = D0
    for _ in range(5):
        state = graded(state, 4, on)
        due.append((state.due - on).days)
        on = state.due
    assert due == [1, 6, 15, 38, 95]


def test_a_late_pass_is_an_ordinary_one_counted_from_today() -> None:
    assert graded(GROWN, 4, day(40)) == State(Memory(4, 38, 250), day(78), graded_on=day(40), reps=4)


@pytest.mark.parametrize(("interval", "lapses"), [(1, 0), (5, 0), (6, 1), (15, 1)])
def test_a_fail_starts_over_and_is_a_lapse_from_six_days(interval: int, lapses: int) -> None:
    state = placed(Memory(2, interval, 250), D0)
    assert graded(state, 2, D0) == State(Memory(0, 1, 218), day(1), graded_on=D0, reps=2, lapses=lapses)


def test_a_pass_is_no_lapse() -> None:
    assert graded(GROWN, 3, day(15)).lapses == 0


@pytest.mark.parametrize(("quality", "again"), [(0, True), (2, True), (3, True), (4, False), (5, False)])
def test_below_four_comes_back_the_same_day(quality: int, again: bool) -> None:
    assert scheduling.needs_repeat(quality) is again


# Brought forward


@pytest.mark.parametrize(
    ("on", "due"),
    [
        (5, 18),  # five days have passed: 5 + ceil(5 × 2.50) = 18
        (4, 15),  # 4 + 10 = 14 is before the due date it had
        (0, 15),
        (14, 49),
    ],
)
@pytest.mark.parametrize("quality", [3, 4, 5])
def test_an_early_pass_moves_only_the_due_date(on: int, due: int, quality: int) -> None:
    forward = move(GROWN, day(on))
    assert graded(forward, quality, day(on)) == State(GROWN.memory, day(due), graded_on=D0, reps=4)


def test_after_an_early_pass_the_next_one_when_due_is_ordinary() -> None:
    assert graded(graded(FORWARD, 4, day(5)), 4, day(18)).memory == Memory(4, 38, 250)


def test_a_card_brought_forward_but_answered_late_is_ordinary() -> None:
    assert graded(FORWARD, 4, day(15)) == graded(GROWN, 4, day(15))


def test_an_early_fail_is_an_ordinary_lapse() -> None:
    assert graded(FORWARD, 1, day(5)) == State(Memory(0, 1, 196), day(6), day(5), reps=4, lapses=1)


@given(st.integers(2, MAX_INTERVAL), st.integers(130, 400), st.data())
def test_an_early_pass_never_gains_by_hurry(interval: int, easiness: int, data: st.DataObject) -> None:
    """Due no sooner than it was, no later than if it had waited, and the sooner passed the sooner due."""
    state = State(Memory(3, interval, easiness), day(interval), D0)
    first = data.draw(st.integers(0, interval - 2))
    second = data.draw(st.integers(first + 1, interval - 1))
    dues = [
        graded(state, 4, state.due).due,
        graded(move(state, D0), 4, day(second)).due,
        graded(move(state, D0), 4, day(first)).due,
        state.due,
    ]
    assert dues == sorted(dues, reverse=True)


# Edges of the calendar


@pytest.mark.parametrize("quality", range(6))
def test_the_calendar_never_overflows(quality: int) -> None:
    last = date.max
    old = State(Memory(5, MAX_INTERVAL, 300), due=date.min, graded_on=last - timedelta(days=40))
    assert graded(old, quality, last).due == last
    assert graded(None, 4, last).due == last
    assert placed(Memory(5, MAX_INTERVAL, 300), date.min).graded_on == date.min


def test_a_day_before_the_interval_began_counts_as_its_first() -> None:
    state = State(Memory(3, 15, 250), due=day(-3), graded_on=D0)
    assert graded(state, 4, day(-3)).due == day(15)


# Set and moved


def test_a_placed_card_is_an_ordinary_one_on_its_due_day() -> None:
    state = placed(Memory(4, 38, 250), due=day(10), reps=7, lapses=2)
    assert state == State(Memory(4, 38, 250), day(10), graded_on=day(-28), reps=7, lapses=2)
    assert graded(state, 4, day(10)).memory == Memory(5, 95, 250)


def test_a_move_changes_nothing_but_the_due_date() -> None:
    moved = move(GROWN, day(5))
    assert moved == State(GROWN.memory, day(5), GROWN.graded_on, GROWN.reps, GROWN.lapses)


# Buttons


def test_passing_grades_share_the_interval_and_differ_in_ease() -> None:
    promises = [answer(GROWN, quality, day(15)) for quality in (2, 3, 4, 5)]
    states = [state for _, state in promises if state]
    assert [(state.due - day(15)).days for state in states] == [1, 38, 38, 38]
    assert [state.memory.easiness for state in states] == [218, 236, 250, 260]


# The log


def test_replay_computes_graded_rows_and_does_not_copy_them() -> None:
    wrong = State(Memory(9, 999, 999), D0, D0)
    log = [Entry("review", D0, 4, wrong), Entry("quiz", day(1), 2, wrong), Entry("review", day(2), 4, wrong)]
    assert replay(log) == State(Memory(1, 1, 218), day(3), graded_on=day(2), reps=3)


def test_drills_and_imported_history_change_nothing() -> None:
    log = [Entry("imported", day(-9), 1), Entry("review", D0, 4), Entry("drill", D0, 0)]
    assert replay(log) == replay([Entry("review", D0, 4)])


def test_a_moved_row_gives_its_due_date_only() -> None:
    stored = State(Memory(9, 999, 999), due=day(3), graded_on=day(2), reps=99, lapses=9)
    log = [Entry("set", D0, state=GROWN), Entry("moved", day(2), state=stored)]
    assert replay(log) == move(GROWN, day(3))


def test_a_set_row_gives_the_whole_state_and_a_reset_makes_the_card_new() -> None:
    assert replay([Entry("review", D0, 4), Entry("set", D0, state=GROWN)]) == GROWN
    assert replay([Entry("review", D0, 4), Entry("set", D0)]) is None


def test_no_log_is_a_new_card() -> None:
    assert replay([]) is None


def test_rows_left_without_their_beginning_leave_a_new_card_new() -> None:
    assert replay([Entry("moved", D0, state=GROWN), Entry("quiz", D0, 2)]) is None


@pytest.mark.parametrize("kind", ["review", "quiz", "moved", "forgotten"])
def test_a_row_that_lacks_what_its_kind_needs_is_named(kind: str) -> None:
    with pytest.raises(ValueError, match=f"2026-03-01 .{kind}."):
        replay([Entry(kind, D0)])


@dataclass
class Learner:
    """Lives forward as the app does: keeps the state, writes the log, takes back the last row."""

    today: date = D0
    state: State | None = None
    log: list[Entry] = field(default_factory=list)
    before: list[State | None] = field(default_factory=list)

    def write(self, kind: str, state: State | None, quality: int | None = None) -> None:
        self.before.append(self.state)
        self.state = state
        self.log.append(Entry(kind, self.today, quality, state))

    def graded_today(self) -> bool:
        return any(row.day == self.today and row.kind in {"review", "quiz"} for row in self.log)

    def act(self, step: tuple[str, int]) -> None:
        name, number = step
        if name == "wait":
            self.today += timedelta(days=number)
        elif name == "wait until due":
            self.today = max(self.today, self.state.due if self.state else self.today)
        elif name == "answer":
            self.write(*answer(self.state, number, self.today, self.graded_today()), number)
        elif name == "quiz" and self.state and self.today >= self.state.due and not self.graded_today():
            self.write("quiz", grade(self.state, number, self.today), number)
        elif name == "move" and self.state:
            self.write("moved", move(self.state, self.today + timedelta(days=number)))
        elif name == "set":
            memory = Memory(number % 7, number, 130 + number)
            self.write("set", placed(memory, self.today + timedelta(days=number // 2), number, number % 5))
        elif name == "reset":
            self.write("set", None)
        elif name == "undo" and self.log:
            self.log.pop()
            self.state = self.before.pop()


STEPS = st.one_of(
    st.tuples(st.just("wait"), st.integers(1, 60)),
    st.tuples(st.sampled_from(["wait until due", "reset", "undo"]), st.just(0)),
    st.tuples(st.just("answer"), st.integers(0, 5)),
    st.tuples(st.just("quiz"), st.sampled_from([2, 4])),
    st.tuples(st.just("move"), st.integers(0, 90)),
    st.tuples(st.just("set"), st.integers(1, 400)),
)


def live(steps: list[tuple[str, int]]) -> Learner:
    learner = Learner()
    for step in steps:
        learner.act(step)
    return learner


@given(st.lists(STEPS, max_size=40))
def test_replaying_the_log_gives_the_state_carried_forward(steps: list[tuple[str, int]]) -> None:
    learner = live(steps)
    assert replay(learner.log) == learner.state


@given(st.lists(STEPS, max_size=40), st.sets(st.integers(0, 39)))
def test_rows_undone_anywhere_still_leave_a_sound_state(
    steps: list[tuple[str, int]], undone: set[int]
) -> None:
    state = replay(row for at, row in enumerate(live(steps).log) if at not in undone)
    if state:
        assert 1 <= state.memory.interval <= MAX_INTERVAL
        assert state.memory.easiness >= sm2.MIN_EASINESS


@given(st.lists(STEPS, max_size=40))
def test_what_a_day_may_do(steps: list[tuple[str, int]]) -> None:
    log = live(steps).log
    days = [row.day for row in log if row.kind in {"review", "quiz"}]
    assert len(days) == len(set(days))
    for row in log:
        if row.kind in {"review", "quiz"}:
            assert row.state is not None
            assert row.state.due > row.day
