"""Whatever is answered, undone, moved or set, on whatever day: the log replayed is what is stored."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import User
from cards import deckfile, exchange, library
from cards.exchange import InputError
from cards.models import Card, Deck, Document
from quizzes import enrolling, integrity, queue, reviewing, spoiling
from quizzes.models import Enrollment, Review, Schedule
from tests.conftest import DECK

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
            token = reviewing.show(bob, cards[amount % len(cards)], reviewing.study_day(bob, now), now)
            reviewing.answer(bob, token, quality, now)
        else:
            last = Review.objects.filter(undone_at=None, day=reviewing.study_day(bob, now)).last()
            if last:
                reviewing.undo(bob, last, now)
        _, faults = integrity.check()
        assert not faults
        graded = Review.objects.filter(kind="review", undone_at=None).values_list("card", "day")
        assert len(graded) == len(set(graded)), "at most one graded repetition a card and day"
    cursor = Enrollment.objects.get(deck=deck).cursor
    new = Card.objects.exclude(schedules__learner=bob).order_by("position").values_list("position", flat=True)
    assert not new or cursor <= new[0], "no new card is left behind"


def test_a_retired_card_leaves_the_queue_and_comes_back_as_it_was(bob: User, deck: Deck) -> None:
    enrolling.enroll(bob, deck)
    card = Card.objects.get(note__kind="choice")
    reviewing.answer(bob, reviewing.show(bob, card, START.date(), START), 4, START)
    before = Schedule.objects.values().get()
    library.retire_notes([card.note])
    assert not Schedule.objects.get().active
    card.note.refresh_from_db()
    library.revive_notes([card.note])
    assert Schedule.objects.values().get() == before


def test_a_card_put_before_the_cursor_is_still_found(bob: User, deck: Deck) -> None:
    enrolling.enroll(bob, deck)
    for card in Card.objects.order_by("position")[:4]:
        reviewing.answer(bob, reviewing.show(bob, card, START.date(), START), 4, START)
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


def new_guids(learner: User, day: date) -> set[str]:
    plan = queue.load(learner, queue.enrollments(learner), day)
    return {card.note.guid for card in plan.new}


def test_a_card_put_at_the_very_front_is_still_found(bob: User, deck: Deck) -> None:
    enrolling.enroll(bob, deck)
    for card in Card.objects.order_by("position")[:4]:
        reviewing.answer(bob, reviewing.show(bob, card, START.date(), START), 4, START)
    document = deck.notes.get(guid="aaaaaaaa01").citations.get().document
    front = exchange.Note("basic", "Of what?", "Water", guid="front",
                          citations=(exchange.Citation(document.slug, "The water cycle"),))  # fmt: skip
    library.save_note(deck, front)
    assert Card.objects.get(note__guid="front").position == 0
    assert "front" in new_guids(bob, START.date() + timedelta(days=1))


def test_a_card_that_is_never_asked_does_not_hold_up_the_others(bob: User, deck: Deck) -> None:
    """However many known cards stand between the first new one and the next."""
    enrolling.enroll(bob, deck)
    Enrollment.objects.update(new_per_day=1)
    first = Card.objects.order_by("position")[0].note
    content = library.to_exchange(first)
    library.save_note(deck, replace(content, use="quiz"), first)
    plain = replace(content, kind="basic", reverse_question="", reverse_answer="")
    for n in range(12):
        library.save_note(deck, replace(plain, guid=f"more{n}"))
    for card in Card.objects.exclude(note=first).order_by("position")[:10]:
        reviewing.answer(bob, reviewing.show(bob, card, START.date(), START), 4, START)
    assert new_guids(bob, START.date() + timedelta(days=9))


def test_a_spent_deck_does_not_hide_the_due_cards_of_another(bob: User, alice: User, deck: Deck) -> None:
    text = DECK.replace("slug: water", "slug: other").replace("Nature::Water", "Nature::Other")
    other = library.load_deck(
        alice, deckfile.parse(text.replace("aaaaaaaa", "bbbbbbbb"), "o.md"), visibility="public"
    )
    for each in (deck, other.deck):
        enrolling.enroll(bob, each)
    for card in Card.objects.all():
        reviewing.answer(bob, reviewing.show(bob, card, START.date(), START), 4, START)
    Enrollment.objects.filter(deck=deck).update(reviews_per_day=0)
    plan = queue.load(bob, queue.enrollments(bob), START.date() + timedelta(days=1))
    assert plan.left == 7
    assert {card.deck_id for card in plan.due} == {other.deck.pk}
    assert isinstance(queue.choose(plan, START), queue.Ask)


def test_a_note_put_to_quizzes_only_leaves_study(bob: User, deck: Deck) -> None:
    enrolling.enroll(bob, deck)
    note = deck.notes.get(kind="choice")
    reviewing.answer(bob, reviewing.show(bob, note.cards.get(), START.date(), START), 4, START)
    library.save_note(deck, replace(library.to_exchange(note), use="quiz"), note)
    assert not Schedule.objects.get().active
    note.refresh_from_db()
    library.save_note(deck, replace(library.to_exchange(note), use="both"), note)
    assert Schedule.objects.get().active


def test_integrity_compares_what_is_copied_from_the_card(bob: User, deck: Deck) -> None:
    enrolling.enroll(bob, deck)
    card = Card.objects.order_by("position")[0]
    reviewing.answer(bob, reviewing.show(bob, card, START.date(), START), 4, START)
    Schedule.objects.update(active=False)
    _, faults = integrity.check()
    assert [fault.trouble for fault in faults] == [integrity.COPIES]
    integrity.mend(faults[0])
    assert integrity.check()[1] == []


def test_a_deck_cannot_be_put_below_itself(alice: User, document: Document) -> None:
    text = DECK.replace("deck: Nature::Water", "deck: Water")
    library.load_deck(alice, deckfile.parse(text, "w.md"))
    with pytest.raises(InputError, match="cannot stand below itself"):
        library.load_deck(alice, deckfile.parse(text.replace("deck: Water", "deck: Water::Rain"), "w.md"))
    namesake = text.replace("slug: water", "slug: second").replace("aaaaaaaa", "cccccccc")
    with pytest.raises(InputError, match="Another deck is called"):
        library.load_deck(alice, deckfile.parse(namesake, "w.md"))


def test_a_repair_that_makes_a_card_new_again_lets_it_be_asked(bob: User, deck: Deck) -> None:
    enrolling.enroll(bob, deck)
    card = Card.objects.order_by("position")[0]
    row = reviewing.answer(bob, reviewing.show(bob, card, START.date(), START), 4, START)
    Review.objects.filter(pk=row.pk).update(undone_at=START)
    assert [integrity.mend(fault) for fault in integrity.check()[1]] == [True]
    assert card.note.guid in new_guids(bob, START.date())


def test_a_log_that_cannot_be_replayed_is_not_called_rebuilt(bob: User, deck: Deck) -> None:
    enrolling.enroll(bob, deck)
    card = Card.objects.order_by("position")[0]
    row = reviewing.answer(bob, reviewing.show(bob, card, START.date(), START), 4, START)
    Review.objects.filter(pk=row.pk).update(quality=None)
    with pytest.raises(CommandError, match="1 could not be rebuilt"):
        call_command("check_integrity", "--repair")


def test_every_pending_neighbour_is_known_however_many_are_due(
    bob: User, deck: Deck, monkeypatch: pytest.MonkeyPatch
) -> None:
    enrolling.enroll(bob, deck)
    for card in Card.objects.all():
        reviewing.answer(bob, reviewing.show(bob, card, START.date(), START), 4, START)
    monkeypatch.setattr(queue, "LOOK_AHEAD", 1)
    plan = queue.load(bob, queue.enrollments(bob), START.date() + timedelta(days=1))
    sea = Card.objects.get(note__guid="aaaaaaaa02", ordinal=0)
    sun = deck.notes.get(guid="aaaaaaaa01").citations.get().anchors.get()
    assert sun.first is not None
    assert len(plan.due) == 1
    assert spoiling.pending_places(plan, sea, {(sun.version_id, sun.first)}) == {(sun.version_id, sun.first)}
    assert spoiling.pending_places(plan, sea, {(sun.version_id, 9999)}) == set()


def test_an_edit_from_before_does_not_bring_a_retired_note_back(deck: Deck) -> None:
    stale = deck.notes.get(guid="aaaaaaaa01")
    library.retire_notes([deck.notes.get(guid="aaaaaaaa01")])
    library.save_note(deck, replace(library.to_exchange(stale), answer="Sunlight"), stale)
    stale.refresh_from_db()
    assert stale.retired_at
    assert not stale.cards.filter(retired_at=None).exists()
