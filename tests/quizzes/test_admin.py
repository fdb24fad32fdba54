"""An administrator looks at study and quizzes: every page opens, finds, filters, and changes nothing."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from cards.models import Card, Deck
from quizzes import assembling, enrolling, reviewing
from quizzes.models import Attempt, Enrollment, Mark, Quiz, Response, Review, Schedule
from tests.conftest import signed_in

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
MODELS = [Schedule, Review, Enrollment, Mark, Quiz, Attempt, Response]


@pytest.fixture
def as_root(db: None) -> Client:
    return signed_in(User.objects.create_superuser("root", password="root's long password"))


def study(learner: User, deck: Deck) -> None:
    """Answer every card of the deck once, the first one again the next day; note something about one."""
    enrolling.enroll(learner, deck)
    for card in Card.objects.filter(deck=deck).order_by("position"):
        reviewing.answer(learner, reviewing.show(learner, card, NOON.date(), NOON), 4, NOON)
    first, later = Card.objects.order_by("position")[0], NOON + timedelta(days=1)
    reviewing.answer(learner, reviewing.show(learner, first, later.date(), later), 3, later)
    Mark.objects.create(learner=learner, card=first, comment="hard to tell from the other")


def take(learner: User, deck: Deck) -> Quiz:
    """A quiz of the deck, all answered: the choice by its second option, the rest in writing."""
    quiz = assembling.make(learner, deck, seed=1)
    attempt = quiz.attempts.get()
    for question in quiz.questions.all():
        given: Any = [1] if question.options else "my own words"
        Response.objects.create(
            attempt=attempt, question=question, given=given, verdict="right", duration=2345
        )
    return quiz


@pytest.fixture
def history(bob: User, deck: Deck) -> None:
    study(bob, deck)
    take(bob, deck)


def url(model: Any, end: str = "") -> str:
    return f"/admin/quizzes/{model._meta.model_name}/{end}"


def main(response: Any) -> str:
    """The page's own part, without the frame around it."""
    return response.content.decode().split('id="content"')[1]  # type: ignore[no-any-return]


@pytest.mark.parametrize("model", MODELS)
def test_pages_open_and_have_nothing_to_fill_in(as_root: Client, history: None, model: Any) -> None:
    row = model.objects.order_by("pk")[0]
    html = main(as_root.get(url(model, f"{row.pk}/change/")))
    assert re.findall(r'<(?:input|select|textarea|button)(?! type="hidden" name="csrf)[^>]*>', html) == []
    assert "style=" not in html
    assert "{&#x27;" not in html, "JSON is never shown"


@pytest.mark.parametrize("model", MODELS)
def test_nothing_is_added_changed_or_deleted(as_root: Client, history: None, model: Any) -> None:
    before = list(model.objects.order_by("pk").values())
    pk = before[0]["id"]
    for end in ("add/", f"{pk}/delete/"):
        assert as_root.get(url(model, end)).status_code == 403
        assert as_root.post(url(model, end), {"post": "yes"}).status_code == 403
    assert as_root.post(url(model, f"{pk}/change/"), {"easiness": 130, "quality": 0}).status_code == 403
    as_root.post(url(model), {"action": "delete_selected", "_selected_action": [pk], "post": "yes"})
    assert list(model.objects.order_by("pk").values()) == before


def count(client: Client, model: Any, query: str) -> int:
    response = client.get(url(model) + f"?{query}")
    assert response.status_code == 200, response.headers.get("Location")
    return response.context["cl"].result_count  # type: ignore[no-any-return]


@pytest.mark.parametrize(
    ("model", "query", "rows"),
    [
        (Schedule, "q=bob", 7),
        (Schedule, "q=evaporation", 1),
        (Schedule, "q=aaaaaaaa03", 2),
        (Schedule, "q=charlie", 0),
        (Schedule, "active__exact=0", 0),
        (Review, "q=bob", 8),
        (Review, "q=bob+evaporation", 1),
        (Review, "kind__exact=review", 8),
        (Review, "kind__exact=drill", 0),
        (Review, "quality=3", 1),
        (Review, "day__gte=2026-03-03&day__lt=2026-03-04", 1),
        (Review, "undone_at__isempty=0", 0),
        (Enrollment, "q=water", 1),
        (Mark, "q=bob", 1),
        (Quiz, "q=bob", 1),
        (Attempt, "q=bob", 1),
        (Response, "verdict__exact=wrong", 0),
    ],
)
def test_rows_are_found(as_root: Client, history: None, model: Any, query: str, rows: int) -> None:
    assert count(as_root, model, query) == rows


@pytest.mark.parametrize("model", [Schedule, Review, Enrollment, Mark, Attempt])
def test_rows_are_filtered_by_learner(
    as_root: Client, history: None, bob: User, charlie: User, model: Any
) -> None:
    User.objects.create_user("guest-1", is_guest=True)
    html = main(as_root.get(url(model)))
    assert f"learner__id__exact={charlie.pk}" in html
    assert "guest-1" not in html
    assert count(as_root, model, f"learner__id__exact={bob.pk}") == model.objects.count() > 0
    assert count(as_root, model, f"learner__id__exact={charlie.pk}") == 0


def test_the_state_is_shown_as_people_write_it(as_root: Client, history: None) -> None:
    schedule = Schedule.objects.get(repetitions=2)
    assert schedule.easiness == 236
    lists = main(as_root.get(url(Schedule)))
    assert '<td class="field-ease">2.36</td>' in lists
    assert '<td class="field-ease">2.50</td>' in lists
    assert "2.36" in main(as_root.get(url(Schedule, f"{schedule.pk}/change/")))
    log = main(as_root.get(url(Review)))
    assert "n 2 · 6 d · ease 2.36" in log
    note = schedule.card.note
    assert f'<a href="/admin/cards/note/{note.pk}/change/">' in log


def test_a_drill_of_a_new_card_has_no_state(as_root: Client, bob: User, deck: Deck) -> None:
    card = Card.objects.all()[0]
    reviewing.answer(bob, reviewing.show(bob, card, NOON.date(), NOON), 2, NOON)
    assert '<td class="field-state">new</td>' in main(as_root.get(url(Review)))


def test_answers_are_shown_in_words(as_root: Client, history: None) -> None:
    html = main(as_root.get(url(Attempt, f"{Attempt.objects.get().pk}/change/")))
    chosen = Response.objects.exclude(given="my own words").earliest("pk")
    assert chosen.question.options[1]["text"] in html
    assert "my own words" in html
    assert "2.3\N{NO-BREAK SPACE}s" in html
    questions = main(as_root.get(url(Quiz, f"{Quiz.objects.get().pk}/change/")))
    assert "{{c" not in questions
    assert "The sun" in questions


@pytest.mark.parametrize("model", MODELS)
def test_lists_ask_the_same_number_of_queries(
    as_root: Client, history: None, bob: User, charlie: User, deck: Deck, model: Any
) -> None:
    as_root.get(url(model))
    with CaptureQueriesContext(connection) as few:
        as_root.get(url(model))
    study(charlie, deck)
    take(charlie, deck)
    with CaptureQueriesContext(connection) as many:
        assert as_root.get(url(model)).status_code == 200
    assert len(many) == len(few)
