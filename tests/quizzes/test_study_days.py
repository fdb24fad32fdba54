"""Study days, what ends them, integrity and cost."""

from datetime import UTC, datetime

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.test import Client

from accounts.models import User
from cards.models import Card, Document
from quizzes.models import Enrollment, Mark, Review, Schedule

from .pages import answer, next_question, study, words
from .study_steps import Clock, answer_all, card_of, undo

# --- Days and the end -----------------------------------------------------------------------------


def test_the_end_says_how_it_went_and_what_comes(studying: User, as_bob: Client) -> None:
    answer_all(as_bob)
    end = words(study(as_bob).text)
    assert "Done for today" in end
    assert "5 cards, 5 answers" in end
    assert "The next 5 cards are due on Tuesday 3 March." in end
    assert "More new cards come tomorrow." in end


def test_the_day_begins_at_the_learners_hour_in_his_zone(
    studying: User, as_bob: Client, clock: Clock
) -> None:
    User.objects.filter(pk=studying.pk).update(time_zone="Asia/Tokyo", day_start=4)
    clock.set(datetime(2026, 3, 2, 18, 30, tzinfo=UTC))  # 03:30 on the third in Tokyo: still the second
    answer(as_bob, next_question(as_bob), 4)
    assert Review.objects.get().day.isoformat() == "2026-03-02"
    clock.forward(hours=1)
    answer(as_bob, next_question(as_bob), 4)
    assert Review.objects.latest("pk").day.isoformat() == "2026-03-03"


def test_a_clock_set_back_never_asks_twice(studying: User, as_bob: Client, clock: Clock) -> None:
    answer_all(as_bob)
    clock.forward(days=-3)
    assert study(as_bob).kind == "end"


def test_due_cards_come_back_and_grow(studying: User, as_bob: Client, clock: Clock) -> None:
    answer_all(as_bob)
    first = set(Schedule.objects.values_list("card", flat=True))
    clock.forward(days=1)
    answer_all(as_bob)
    assert set(Schedule.objects.filter(card__in=first).values_list("interval", flat=True)) == {6}
    assert "Tuesday 3 March" in words(as_bob.get("/").content.decode())


def test_an_early_answer_keeps_the_interval(studying: User, as_bob: Client, clock: Clock) -> None:
    for days in (1, 6):
        answer_all(as_bob)
        clock.forward(days=days)
    answer_all(as_bob)
    moved = Schedule.objects.filter(interval=15).first()
    assert moved
    clock.forward(days=3)
    due = clock.now.date()
    Schedule.objects.filter(pk=moved.pk).update(due=due)
    Review.objects.create(learner=studying, card=moved.card, kind="moved", day=due, at=clock.now, due=due,
                          repetitions=3, interval=15, easiness=250, reps=3, lapses=0)  # fmt: skip
    shown = next_question(as_bob)
    while card_of(shown) != moved.card_id:
        answer(as_bob, shown, 4)
        shown = next_question(as_bob)
    answer(as_bob, shown, 4)
    after = Schedule.objects.get(pk=moved.pk)
    assert (after.repetitions, after.interval, after.easiness) == (3, 15, 250)
    assert (after.due - moved.due).days == 0
    call_command("check_integrity")


# --- Integrity and cost ---------------------------------------------------------------------------


def test_check_integrity_finds_and_repairs_a_schedule_that_lies(
    studying: User, as_bob: Client, capsys: pytest.CaptureFixture[str]
) -> None:
    answer_all(as_bob)
    lying = Schedule.objects.first()
    assert lying
    Schedule.objects.filter(pk=lying.pk).update(interval=99)
    with pytest.raises(CommandError, match="1 of 5"):
        call_command("check_integrity")
    assert "every 99 days" in capsys.readouterr().out
    call_command("check_integrity", "--repair")
    lying.refresh_from_db()
    assert lying.interval == 1
    call_command("check_integrity")


def test_queries_do_not_grow_with_cards(
    studying: User, as_bob: Client, alice: User, django_assert_max_num_queries: object
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def cost(address: str) -> int:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert as_bob.get(address).status_code == 200
        return len(queries)

    addresses = ("/", "/study/", "/decks/water/", "/documents/water-cycle/", "/decks/", "/documents/")
    few = {address: cost(address) for address in addresses}
    note = Card.objects.earliest("pk").note
    from dataclasses import replace

    from cards.library import save_note, to_exchange

    for n in range(12):
        save_note(
            note.deck, replace(to_exchange(note), guid=f"more{n}", question=f"What drives evaporation, {n}?")
        )
    assert {address: cost(address) for address in addresses} == few


def test_a_new_day_begins_between_showing_and_answer(studying: User, as_bob: Client, clock: Clock) -> None:
    clock.set(datetime(2026, 3, 2, 3, 59, tzinfo=UTC))
    shown = next_question(as_bob)
    clock.forward(minutes=2)
    refused = answer(as_bob, shown, 4)
    assert refused.status == 409
    assert "A new day has begun" in refused.text
    assert not Review.objects.exists()


def test_a_quiz_row_can_not_be_undone_and_starts_no_drill(
    studying: User, as_bob: Client, clock: Clock
) -> None:
    answer_all(as_bob)
    card = Schedule.objects.earliest("pk").card
    row = Review.objects.create(
        learner=studying, card=card, kind="quiz", quality=2, day=clock.now.date(), at=clock.now
    )
    assert study(as_bob).kind == "end"
    assert study(as_bob).undo != str(row.pk)
    assert undo(as_bob, row.pk).status == 409


def test_a_private_documents_paragraph_is_not_shown_whole(studying: User, as_bob: Client) -> None:
    Document.objects.update(visibility="private")
    first = study(as_bob)
    assert first.kind == "reading"
    assert "Water evaporates from the sea. The sun drives evaporation." in words(first.text)
    assert "Vapour rises" not in words(first.text)


def test_a_paragraph_waits_while_a_card_of_it_is_due(studying: User, as_bob: Client, clock: Clock) -> None:
    Enrollment.objects.update(new_per_day=1)
    assert len(answer_all(as_bob)) == 1
    clock.forward(days=1)
    shown = study(as_bob)
    assert shown.kind == "question"
    assert shown.question == "What is the sea's part in the water cycle?", "reading on would give it away"


def test_suspended_and_buried_cards_do_not_come_back_as_repeats(
    studying: User, as_bob: Client, clock: Clock
) -> None:
    shown = next_question(as_bob)
    answer(as_bob, shown, 2)
    Mark.objects.update_or_create(
        learner=studying, card_id=card_of(shown), defaults={"buried_on": clock.now.date()}
    )
    assert shown.question not in answer_all(as_bob)


def test_a_learner_sets_how_he_studies_and_stops(studying: User, as_bob: Client, as_charlie: Client) -> None:
    form = {"new_per_day": "1", "reviews_per_day": "", "order": "after", "grade_style": "numbers"}
    assert as_bob.post("/decks/water/study/settings/", form).status_code == 303
    assert study(as_bob).kind == "question", "read first is off"
    assert len(study(as_bob).promises) == 6
    assert as_bob.post("/decks/water/study/settings/", {**form, "new_per_day": "-1"}).status_code == 400
    assert as_charlie.post("/decks/water/study/settings/", form).status_code == 404
    assert as_bob.post("/decks/water/leave/").status_code == 303
    assert "What would you like to know?" in as_bob.get("/").content.decode()
    as_bob.post("/enroll/", {"deck": "water"})
    assert len(study(as_bob).promises) == 6, "what he set is kept"
