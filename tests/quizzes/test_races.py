"""Two tabs, two devices, an author at work: on PostgreSQL, where writers really meet."""

import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial

import pytest
from django.db import connection

from accounts.models import User
from cards import library
from cards.models import Card, Deck, Note
from quizzes import enrolling, integrity, queue, reviewing
from quizzes.models import Enrollment, Review, Schedule

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
ROUNDS = 8

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(
        "connection.vendor == 'sqlite'", reason="needs PostgreSQL; SQLite writes one at a time"
    ),
]


def together(*jobs: Callable[[], object]) -> Counter[str]:
    """Run the jobs at once, each with a connection of its own; what became of them, counted by name."""
    start, ends = threading.Barrier(len(jobs)), Counter[str]()

    def run(job: Callable[[], object]) -> None:
        try:
            start.wait(timeout=10)
            job()
            ends["done"] += 1
        except Exception as error:
            ends[type(error).__name__] += 1
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(job,)) for job in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    return ends


def answering(learner: User, card: Card, quality: int = 4) -> Callable[[], object]:
    """An answer to the card as it is shown now."""
    token = reviewing.show(learner, card, NOON.date(), NOON)
    return lambda: reviewing.answer(learner, token, quality, NOON)


def sound() -> bool:
    return integrity.check()[1] == []


def test_one_showing_is_graded_once(bob: User, deck: Deck) -> None:
    enrolling.enroll(bob, deck)
    for card in Card.objects.all():
        ends = together(*(answering(bob, card) for _ in range(4)))
        assert ends == {"done": 1, "AnswerRefusedError": 3}
    assert Review.objects.count() == Schedule.objects.count() == 7
    assert sound()


def test_an_undo_and_an_answer_never_lose_a_pass(bob: User, deck: Deck) -> None:
    enrolling.enroll(bob, deck)
    card = Card.objects.earliest("pk")
    for _ in range(ROUNDS):
        row = answering(bob, card)()
        assert isinstance(row, Review)
        ends = together(partial(reviewing.undo, bob, row, NOON), answering(bob, card))
        assert set(ends) <= {"done", "AnswerRefusedError"}
        effective = Review.objects.filter(undone_at=None)
        assert not effective.filter(kind="drill").exists() or effective.filter(kind="review").exists()
        assert sound()
        Review.objects.all().delete()
        Schedule.objects.all().delete()


def test_a_note_retired_meanwhile_leaves_no_active_schedule(bob: User, deck: Deck) -> None:
    enrolling.enroll(bob, deck)
    note = Note.objects.get(kind="choice")
    card = note.cards.get()
    for _ in range(ROUNDS):
        together(answering(bob, card), lambda: library.retire_notes([Note.objects.get(pk=note.pk)]))
        assert not Schedule.objects.filter(active=True).exists()
        assert sound()
        library.revive_notes([Note.objects.get(pk=note.pk)])
        Review.objects.all().delete()
        Schedule.objects.all().delete()


def test_a_card_put_in_front_meanwhile_is_found(bob: User, deck: Deck) -> None:
    enrolling.enroll(bob, deck)
    plain = library.to_exchange(Note.objects.get(guid="aaaaaaaa01"))
    for n, card in enumerate(Card.objects.order_by("position")[2:7]):
        content = replace(plain, guid=f"front{n}", question=f"What drives evaporation, {n}?")
        save = partial(library.save_note, deck, content)
        ends = together(answering(bob, card), save)
        assert ends == {"done": 2}
    first = (
        Card.objects.exclude(schedules__learner=bob)
        .order_by("position")
        .values_list("position", flat=True)[0]
    )
    assert Enrollment.objects.get(deck=deck).cursor <= first
    assert queue.load(bob, queue.enrollments(bob), NOON.date()).new
