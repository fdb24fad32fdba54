"""The answer form, HTMX and undo: once, for whom it was made, and back again."""

import pytest
from django.core.management import call_command
from django.test import Client

from accounts.models import User
from cards.models import Deck
from quizzes import enrolling
from quizzes.models import Review, Schedule

from .pages import answer, next_question, page
from .study_steps import Clock, answer_all, card_of, undo

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
