"""Study through the front door: first showings, grades, and what a page shows."""

import pytest
from django.test import Client

from accounts.models import User
from cards.models import Card
from quizzes.models import Enrollment, Mark, Review, Schedule

from .pages import Page, answer, next_question, read, study, words
from .study_steps import MONDAY, Clock, answer_all, card_of, schedule

# --- First showings ------------------------------------------------------------------------------


def test_a_new_card_is_taught_before_it_is_asked(studying: User, as_bob: Client) -> None:
    first = study(as_bob)
    assert first.kind == "reading"
    assert "Water evaporates from the sea. The sun drives evaporation." in words(first.text)
    second = read(as_bob, first)
    assert second.kind == "reading", "something else comes between a paragraph and its question"
    third = read(as_bob, second)
    assert third.question == "What is the sea's part in the water cycle?"


def test_reading_can_be_turned_off(studying: User, as_bob: Client) -> None:
    Enrollment.objects.filter(learner=studying).update(read_first=False)
    assert study(as_bob).question == "What is the sea's part in the water cycle?"


def test_a_get_writes_nothing(studying: User, as_bob: Client, django_assert_num_queries: object) -> None:
    for _ in range(3):
        study(as_bob)
    assert not Review.objects.exists()
    assert not Mark.objects.exists()


def test_failing_a_new_card_grades_nothing_and_it_comes_back(studying: User, as_bob: Client) -> None:
    shown = next_question(as_bob)
    answer(as_bob, shown, 2)
    row = Review.objects.get()
    assert (row.kind, row.quality, row.interval) == ("drill", 2, None)
    assert schedule(studying, shown) is None
    assert shown.question in answer_all(as_bob)
    assert Review.objects.filter(card=card_of(shown), kind="review").count() == 1


def test_siblings_and_twins_wait(studying: User, as_bob: Client, clock: Clock) -> None:
    asked = answer_all(as_bob)
    assert len(asked) == 5, "one card of each note on the first day"
    assert not any("From what" in question for question in asked)
    clock.forward(days=1)
    asked = answer_all(as_bob)
    assert not any("[tiny particles]" in question for question in asked), "its sibling was due today"
    assert not Schedule.objects.filter(card__note__kind="reversed", card__ordinal=1).exists()
    clock.forward(days=1)
    asked = answer_all(as_bob)
    assert sum("[tiny particles]" in question for question in asked) == 1
    assert "From what does water evaporate in the cycle?" in asked, "its twin has n = 2 now"


def test_new_cards_keep_to_the_days_limit(studying: User, as_bob: Client, clock: Clock) -> None:
    Enrollment.objects.update(new_per_day=2)
    assert len(answer_all(as_bob)) == 2
    clock.forward(days=1)
    answer_all(as_bob)
    assert Schedule.objects.count() == 4


# --- Grading --------------------------------------------------------------------------------------


def test_an_answer_makes_one_row_and_one_schedule(studying: User, as_bob: Client, clock: Clock) -> None:
    shown = next_question(as_bob)
    clock.forward(seconds=7)
    answer(as_bob, shown, 4)
    row, stored = Review.objects.get(), Schedule.objects.get()
    assert (row.kind, row.quality, row.day.isoformat()) == ("review", 4, "2026-03-02")
    assert 7000 <= row.duration < 9000
    assert (stored.repetitions, stored.interval, stored.easiness) == (1, 1, 250)
    assert stored.due.isoformat() == "2026-03-03"


def test_buttons_say_what_they_will_do(studying: User, as_bob: Client) -> None:
    shown = next_question(as_bob)
    assert shown.promises == [
        "again today",
        "again today, then 1 day · ease ↓ease goes down",
        "1 day",
        "1 day · ease ↑ease goes up",
    ]


@pytest.mark.parametrize("quality", [2, 3, 4, 5])
def test_a_button_keeps_its_promise(studying: User, as_bob: Client, clock: Clock, quality: int) -> None:
    for _ in range(2):
        answer_all(as_bob)
        clock.forward(days=7)
    shown = next_question(as_bob)
    before = schedule(studying, shown)
    assert before
    promise = shown.promises[quality - 2]
    answer(as_bob, shown, quality)
    after = schedule(studying, shown)
    assert after
    days = (after.due - Review.objects.latest("pk").day).days
    assert f"{days} day" in promise
    assert ("again today" in promise) == (quality < 4)
    assert ("↑" in promise) == (after.easiness > before.easiness)
    assert ("↓" in promise) == (after.easiness < before.easiness)


def test_hard_comes_back_the_same_day_as_a_drill(studying: User, as_bob: Client, clock: Clock) -> None:
    shown = next_question(as_bob)
    answer(as_bob, shown, 3)
    stored = schedule(studying, shown)
    clock.forward(minutes=11)
    again = next_question(as_bob)
    assert again.question == shown.question
    answer(as_bob, again, 5)
    assert [row.kind for row in Review.objects.filter(card=card_of(shown)).order_by("pk")] == [
        "review",
        "drill",
    ]
    assert schedule(studying, shown) is not None
    assert schedule(studying, shown).easiness == stored.easiness == 236  # type: ignore[union-attr]


def test_a_repeat_waits_ten_minutes_while_there_is_something_else(
    studying: User, as_bob: Client, clock: Clock
) -> None:
    shown = next_question(as_bob)
    answer(as_bob, shown, 2)
    assert next_question(as_bob).question != shown.question
    clock.forward(minutes=10)
    assert next_question(as_bob).question == shown.question


def test_a_wrong_choice_cannot_pass(studying: User, as_bob: Client) -> None:
    rivers = Card.objects.get(note__kind="choice")
    shown = next_question(as_bob)
    while card_of(shown) != rivers.pk:
        answer(as_bob, shown, 4)
        shown = next_question(as_bob)
    answer(as_bob, shown, 5, chosen=1)
    assert Review.objects.latest("pk").quality == 2
    assert not Schedule.objects.filter(card=rivers).exists()


def test_the_passage_shows_the_answer_in_its_sentence(studying: User, as_bob: Client) -> None:
    shown = next_question(as_bob)
    assert shown.marked == ["evaporates from the sea"]
    assert "/documents/water-cycle/?note=aaaaaaaa02#p2" in shown.text


def cloze_of(client: Client, ordinal: int) -> Page:
    """Answer on until this card of the cloze is asked."""
    wanted = Card.objects.get(note__kind="cloze", ordinal=ordinal)
    Card.objects.filter(note=wanted.note).exclude(pk=wanted.pk).update(retired_at=MONDAY)
    shown = next_question(client)
    while card_of(shown) != wanted.pk:
        answer(client, shown, 4)
        shown = next_question(client)
    return shown


@pytest.mark.parametrize(
    ("ordinal", "question", "missing"),
    [
        (0, "Clouds form when blank […] condenses on dust.", "vapour"),
        (1, "Clouds form when vapour condenses on blank, hint: [tiny particles].", "dust"),
    ],
)
def test_a_cloze_asks_and_marks_its_own_words_alone(
    studying: User, as_bob: Client, ordinal: int, question: str, missing: str
) -> None:
    shown = cloze_of(as_bob, ordinal)
    assert shown.question == question
    assert f'<div class="answer" tabindex="-1">{missing}</div>' in shown.text
    assert shown.marked == [missing]


def test_every_answer_is_marked_where_none_is_what_the_card_asks(studying: User, as_bob: Client) -> None:
    note = Card.objects.filter(note__kind="cloze").earliest("pk").note
    note.question = "Clouds form when {{c1::steam}} condenses on {{c2::dust}}."
    note.save()
    assert cloze_of(as_bob, 0).marked == ["vapour", "dust"]


def test_the_missing_words_of_one_number_stand_together(studying: User, as_bob: Client) -> None:
    note = Card.objects.filter(note__kind="cloze").earliest("pk").note
    note.question = "Clouds form when {{c1::vapour}} condenses on {{c1::Dust}}."
    note.save()
    shown = cloze_of(as_bob, 0)
    assert '<div class="answer" tabindex="-1">vapour; Dust</div>' in shown.text
    assert shown.marked == ["vapour", "dust"]


def test_a_neighbour_that_would_give_a_card_away_is_folded(studying: User, as_bob: Client) -> None:
    shown = next_question(as_bob)
    assert 'class="folded"' in shown.text, "the sun's sentence carries a card of today"
    answer_all(as_bob)
    note = Card.objects.get(pk=card_of(shown)).note
    assert 'class="folded"' not in as_bob.get(f"/notes/{note.guid}/").content.decode()


def test_neighbours_are_kept_apart(studying: User, as_bob: Client) -> None:
    asked = answer_all(as_bob)
    sea, sun = (
        asked.index("What is the sea's part in the water cycle?"),
        asked.index("What drives evaporation?"),
    )
    assert abs(sea - sun) > 1
