"""Whatever is answered, undone, moved or set, on whatever day: the log replayed is what is stored."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import User
from cards.models import Card, Deck
from quizzes import enrolling, integrity, reviewing
from quizzes.models import Enrollment, Review, Schedule

START = datetime(2026, 3, 2, 12, tzinfo=UTC)

steps = st.lists(
    st.one_of(
        st.tuples(st.just("answer"), st.integers(0, 6), st.integers(0, 5)),
        st.tuples(st.just("undo"), st.just(0), st.just(0)),
        st.tuples(st.just("wait"), st.integers(1, 40), st.just(0)),
    ),
    max_size=25,
)


@pytest.mark.django_db
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(steps)
def test_replay_equals_stored(bob: User, deck: Deck, steps: list[tuple[str, int, int]]) -> None:
    for model in (Review, Schedule, Enrollment):
        model.objects.all().delete()
    enrolling.enroll(bob, deck)
    cards, now = list(Card.objects.order_by("pk")), START
    for what, amount, quality in steps:
        now += timedelta(seconds=1)
        if what == "wait":
            now += timedelta(hours=6 * amount)
        elif what == "answer":
            showing = reviewing.show(bob, cards[amount % len(cards)], now)
            reviewing.answer(bob, showing, quality, now)
        else:
            last = Review.objects.filter(undone_at=None, day=reviewing.study_day(bob, now)).last()
            if last:
                reviewing.undo(bob, last.pk, now)
        _, faults = integrity.check()
        assert not faults
        graded = Review.objects.filter(kind="review", undone_at=None).values_list("card", "day")
        assert len(graded) == len(set(graded)), "at most one graded repetition a card and day"
    cursor = Enrollment.objects.get(deck=deck).cursor
    new = Card.objects.exclude(schedules__learner=bob).order_by("position").values_list("position", flat=True)
    assert not new or cursor <= new[0], "no new card is left behind"


def test_a_retired_card_leaves_the_queue_and_comes_back_as_it_was(bob: User, deck: Deck) -> None:
    from cards import library

    enrolling.enroll(bob, deck)
    card = Card.objects.get(note__kind="choice")
    reviewing.answer(bob, reviewing.show(bob, card, START), 4, START)
    before = Schedule.objects.values().get()
    library.retire_notes([card.note])
    assert not Schedule.objects.get().active
    card.note.refresh_from_db()
    library.revive_notes([card.note])
    assert Schedule.objects.values().get() == before


def test_a_card_put_before_the_cursor_is_still_found(bob: User, deck: Deck) -> None:
    from dataclasses import replace

    from cards import library
    from quizzes import queue

    enrolling.enroll(bob, deck)
    for card in Card.objects.order_by("position")[:4]:
        reviewing.answer(bob, reviewing.show(bob, card, START), 4, START)
    assert Enrollment.objects.get(deck=deck).cursor == 4
    first = Card.objects.order_by("position")[0].note
    content = replace(
        library.to_exchange(first),
        guid="early",
        kind="basic",
        question="Where from?",
        reverse_question="",
        reverse_answer="",
    )
    library.save_note(deck, content)
    assert Enrollment.objects.get(deck=deck).cursor <= Card.objects.get(note__guid="early").position
    plan = queue.load(bob, queue.enrollments(bob), START.date() + timedelta(days=1))
    assert "early" in {card.note.guid for card in plan.new}
