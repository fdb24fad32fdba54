"""Study through the front door: pages, forms, and what they leave in the log."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.test import Client

from accounts.models import User
from cards.models import Card, Deck, Document
from quizzes import enrolling
from quizzes.models import Enrollment, Mark, Review, Schedule

from .pages import Page, answer, next_question, page, read, study, words

MONDAY = datetime(2026, 3, 2, 12, tzinfo=UTC)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> "Clock":
    """The time of day is outside the machine; the tests own it."""
    clock = Clock()
    monkeypatch.setattr("django.utils.timezone.now", lambda: clock.now)
    return clock


class Clock:
    """Starts on a Monday at noon and runs on."""

    def __init__(self) -> None:
        self.set(MONDAY)

    def set(self, now: datetime) -> None:
        self.lead = now - datetime.now(UTC)

    @property
    def now(self) -> datetime:
        return datetime.now(UTC) + self.lead

    def forward(self, **time: float) -> None:
        self.lead += timedelta(**time)


@pytest.fixture
def studying(bob: User, deck: Deck, clock: Clock) -> User:
    """Bob studies Alice's public deck."""
    enrolling.enroll(bob, deck)
    return bob


def schedule(learner: User, shown: Page) -> Schedule | None:
    return Schedule.objects.filter(learner=learner, card=card_of(shown)).first()


def card_of(shown: Page) -> int:
    return int(shown.fields["token"].split("-")[1])


def answer_all(client: Client, quality: int = 4, most: int = 60) -> list[str]:
    """Answer whatever comes until the day is done; the questions in their order."""
    asked = []
    for _ in range(most):
        shown = next_question(client)
        if shown.kind == "end":
            return asked
        asked.append(shown.question)
        answer(client, shown, quality)
    raise AssertionError(f"still not done after {most} answers")


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


# --- The answer form ------------------------------------------------------------------------------


def test_a_double_click_grades_once(studying: User, as_bob: Client) -> None:
    shown = next_question(as_bob)
    answer(as_bob, shown, 4)
    second = answer(as_bob, shown, 5)
    assert second.status == 409
    assert "answered already" in second.text
    assert second.kind in {"question", "reading"}, "and goes on"
    assert Review.objects.count() == 1


def test_two_tabs_grade_once(studying: User, as_bob: Client) -> None:
    one, other = next_question(as_bob), next_question(as_bob)
    answer(as_bob, one, 4)
    assert answer(as_bob, other, 2).status == 409
    assert Review.objects.get().quality == 4


@pytest.mark.parametrize("quality", ["6", "-1", "4.5", "", "good", "٤٤"])
def test_a_grade_outside_the_scale_is_refused(studying: User, as_bob: Client, quality: str) -> None:
    shown = next_question(as_bob)
    refused = answer(as_bob, shown, quality)  # type: ignore[arg-type]
    assert refused.status == 400
    assert "choose one of the buttons" in refused.text
    assert not Review.objects.exists()


@pytest.mark.parametrize(
    "spoil", [lambda t: t[:-1], lambda t: "9" + t, lambda t: "", lambda t: t.replace("-", "-1")]
)
def test_a_forged_token_is_refused(studying: User, as_bob: Client, spoil: object) -> None:
    shown = next_question(as_bob)
    shown.fields["token"] = spoil(shown.fields["token"])  # type: ignore[operator]
    assert answer(as_bob, shown, 4).status == 400
    assert not Review.objects.exists()


def test_another_learners_token_is_refused(
    studying: User, as_bob: Client, charlie: User, as_charlie: Client, deck: Deck
) -> None:
    enrolling.enroll(charlie, deck)
    assert answer(as_charlie, next_question(as_bob), 4).status == 400
    assert not Review.objects.exists()


def test_a_card_that_is_no_longer_his_is_not_found(studying: User, as_bob: Client, deck: Deck) -> None:
    shown = next_question(as_bob)
    Deck.objects.update(visibility="private")
    assert answer(as_bob, shown, 4).status == 404
    assert not Review.objects.exists()


def test_a_private_deck_is_not_found(deck: Deck, as_charlie: Client, as_alice: Client) -> None:
    Deck.objects.update(visibility="private")
    for address in ("/decks/water/", "/decks/water/study/"):
        assert as_charlie.get(address).status_code == 404
    assert as_charlie.post("/enroll/", {"deck": "water"}).status_code == 404
    assert as_alice.get("/decks/water/").status_code == 200


def test_without_signing_in_study_leads_to_the_door(deck: Deck) -> None:
    plain = Client().get("/decks/water/study/")
    assert plain.status_code == 302
    assert "next=/decks/water/study/" in plain["Location"]
    expired = Client().post("/study/answer/", {}, headers={"HX-Request": "true"})
    assert "/accounts/sign-in/" in expired["HX-Redirect"]


@pytest.mark.parametrize(
    ("address", "page_of_it"),
    [
        ("/study/answer/", "/study/"),
        ("/study/read/", "/study/"),
        ("/study/undo/", "/study/"),
        ("/enroll/", "/"),
    ],
)
def test_an_address_for_forms_leads_to_its_page(as_bob: Client, address: str, page_of_it: str) -> None:
    response = as_bob.get(address)
    assert (response.status_code, response["Location"]) == (302, page_of_it)
    assert as_bob.put(address).status_code == 405
    assert not Review.objects.exists()


# --- HTMX -----------------------------------------------------------------------------------------


def test_one_post_grades_and_returns_the_next_card(studying: User, as_bob: Client) -> None:
    shown = next_question(as_bob)
    response = as_bob.post("/study/answer/", {**shown.fields, "quality": 4}, headers={"HX-Request": "true"})
    following = page(response)
    assert response.status_code == 200
    assert "<html" not in following.text
    assert "HX-Request" in response["Vary"]
    assert following.kind in {"question", "reading"}
    assert following.question != shown.question
    assert 'hx-swap-oob="true"' in following.text, "the bar counts on"


def test_history_restore_gets_the_whole_page(studying: User, as_bob: Client) -> None:
    headers = {"HX-Request": "true", "HX-History-Restore-Request": "true"}
    text = as_bob.get("/study/", headers=headers).content.decode()
    assert text.lstrip().startswith("<!doctype html>")
    assert "hx-swap-oob" not in text


# --- Undo -----------------------------------------------------------------------------------------


def undo(client: Client, review: str | int) -> Page:
    return page(client.post("/study/undo/", {"review": review, "deck": ""}, follow=True))


def test_undo_restores_card_and_schedule(studying: User, as_bob: Client) -> None:
    shown = next_question(as_bob)
    following = answer(as_bob, shown, 4)
    undo(as_bob, following.undo)
    assert not Schedule.objects.exists()
    row = Review.objects.get()
    assert row.undone_at
    assert next_question(as_bob).question == shown.question
    answer(as_bob, next_question(as_bob), 5)
    assert Schedule.objects.get().easiness == 260
    call_command("check_integrity")


def test_undo_of_a_later_review_goes_back_to_the_state_before(
    studying: User, as_bob: Client, clock: Clock
) -> None:
    answer_all(as_bob)
    clock.forward(days=1)
    shown = next_question(as_bob)
    before = Schedule.objects.values().get(card=card_of(shown))
    following = answer(as_bob, shown, 2)
    undo(as_bob, following.undo)
    assert Schedule.objects.values().get(card=card_of(shown)) == before


def test_undo_is_refused_where_a_later_answer_stands(studying: User, as_bob: Client, clock: Clock) -> None:
    shown = next_question(as_bob)
    answer(as_bob, shown, 3)
    first = Review.objects.get()
    clock.forward(minutes=11)
    answer(as_bob, next_question(as_bob), 4)
    refused = undo(as_bob, first.pk)
    assert refused.status == 409
    assert "undo that first" in refused.text
    assert not Review.objects.filter(undone_at__isnull=False).exists()


def test_undo_of_yesterday_and_of_others_is_refused(
    studying: User, as_bob: Client, as_charlie: Client, clock: Clock
) -> None:
    answer(as_bob, next_question(as_bob), 4)
    row = Review.objects.get()
    assert undo(as_charlie, row.pk).status == 404
    clock.forward(days=1)
    assert undo(as_bob, row.pk).status == 409
    assert undo(as_bob, "x").status == 400
    assert not Review.objects.filter(undone_at__isnull=False).exists()


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
