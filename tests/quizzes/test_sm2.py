"""SM-2 against the golden vectors, and against a slow model in fractions."""

import math
from fractions import Fraction
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizzes.sm2 import MAX_INTERVAL, MIN_EASINESS, NEW, Memory, outcomes, review, stretch

QUALITIES = st.integers(0, 5)
PASSES = st.integers(3, 5)
FAILS = st.integers(0, 2)
MEMORIES = st.builds(
    Memory,
    repetitions=st.integers(0, 200),
    interval=st.integers(1, MAX_INTERVAL),
    easiness=st.integers(MIN_EASINESS, 2_000),
)


def history(qualities: list[int]) -> list[Memory]:
    memories = [NEW]
    for quality in qualities:
        memories.append(review(memories[-1], quality))
    return memories[1:]


@pytest.mark.parametrize(
    ("qualities", "intervals", "easiness"),
    [
        ([4, 4, 4, 4, 4], [1, 6, 15, 38, 95], 250),
        ([5, 5, 5, 5, 5], [1, 6, 17, 48, 140], 300),
        ([3, 3, 3, 3, 3], [1, 6, 14, 30, 59], 180),
        ([5, 5, 5, 1, 4, 4, 4, 4], [1, 6, 17, 1, 1, 6, 14, 32], 226),
    ],
)
def test_golden_vectors(qualities: list[int], intervals: list[int], easiness: int) -> None:
    memories = history(qualities)
    assert [memory.interval for memory in memories] == intervals
    assert memories[-1].easiness == easiness


@pytest.mark.parametrize(
    ("quality", "easiness"), [(0, 170), (1, 196), (2, 218), (3, 236), (4, 250), (5, 260)]
)
def test_each_quality_changes_the_ease(quality: int, easiness: int) -> None:
    assert review(NEW, quality).easiness == easiness


def test_the_interval_grows_by_the_ease_before_the_answer() -> None:
    assert review(Memory(2, 100, 130), 5) == Memory(3, 130, 140)


@pytest.mark.parametrize(
    ("days", "easiness", "expected"),
    [
        (125, 280, 350),  # 125 × 2.80 in floating point is a hair above 350
        (1, 130, 2),
        (0, 250, 0),
        (14_600, 250, 36_500),
        (14_601, 250, 36_500),
    ],
)
def test_stretch_rounds_up_exactly_and_stops_at_a_hundred_years(
    days: int, easiness: int, expected: int
) -> None:
    assert stretch(days, easiness) == expected


@pytest.mark.parametrize("quality", [-1, 6, True, False, 4.0, "4", None])
def test_anything_but_a_whole_number_from_0_to_5_is_refused(quality: Any) -> None:
    with pytest.raises(ValueError, match="from 0 to 5"):
        review(NEW, quality)


@given(st.lists(QUALITIES, max_size=60))
def test_agrees_with_fractions(qualities: list[int]) -> None:
    n, interval, easiness = 0, 0, Fraction(5, 2)
    for memory, q in zip(history(qualities), qualities, strict=True):
        if q >= 3:
            interval = {0: 1, 1: 6}.get(n, min(math.ceil(interval * easiness), 36_500))
            n += 1
        else:
            n, interval = 0, 1
        change = Fraction(1, 10) - (5 - q) * (Fraction(8, 100) + (5 - q) * Fraction(2, 100))
        easiness = max(easiness + change, Fraction(13, 10))
        assert memory == Memory(n, interval, int(easiness * 100))
        assert memory.easiness == easiness * 100


@given(MEMORIES, QUALITIES)
def test_stays_in_range(memory: Memory, quality: int) -> None:
    after = review(memory, quality)
    assert 1 <= after.interval <= MAX_INTERVAL
    assert after.easiness >= MIN_EASINESS


@given(MEMORIES, FAILS)
def test_a_fail_starts_over(memory: Memory, quality: int) -> None:
    after = review(memory, quality)
    assert (after.repetitions, after.interval) == (0, 1)
    assert after.easiness < memory.easiness or after.easiness == MIN_EASINESS


@given(MEMORIES.filter(lambda memory: memory.repetitions >= 2), PASSES)
def test_a_pass_never_shortens_a_grown_interval(memory: Memory, quality: int) -> None:
    after = review(memory, quality)
    assert after.repetitions == memory.repetitions + 1
    assert after.interval > memory.interval or after.interval == MAX_INTERVAL


@given(MEMORIES, PASSES, st.integers(0, MAX_INTERVAL))
def test_a_longer_interval_never_gives_a_shorter_next(memory: Memory, quality: int, more: int) -> None:
    longer = Memory(memory.repetitions, memory.interval + more, memory.easiness)
    assert review(longer, quality).interval >= review(memory, quality).interval


@given(MEMORIES)
def test_outcomes_are_the_reviews_and_order_the_ease(memory: Memory) -> None:
    seen = outcomes(memory)
    assert seen == {quality: review(memory, quality) for quality in range(6)}
    assert all(low.easiness <= high.easiness for low, high in pairwise(seen.values()))
    assert len({seen[quality].interval for quality in (3, 4, 5)}) == 1


@given(MEMORIES, QUALITIES)
def test_the_same_answer_gives_the_same_memory_and_changes_nothing(memory: Memory, quality: int) -> None:
    before = Memory(memory.repetitions, memory.interval, memory.easiness)
    assert review(memory, quality) == review(memory, quality)
    assert memory == before
