"""What an administrator does in these tests."""

from datetime import date
from typing import Any

from django.test import Client

from accounts.models import User
from cards import library
from cards.models import Card, Note
from quizzes.models import Review, Schedule
from tests.cards.admin_pages import edit, fields

SUN, REVERSED, CLOZE, CHOICE = (f"aaaaaaaa0{n}" for n in range(1, 5))


def note(guid: str) -> Note:
    return Note.objects.whole().get(guid=guid)


def page(row: Any) -> str:
    return f"/admin/cards/{row._meta.model_name}/{row.pk}/change/"


def studied(card: Card, learner: User) -> dict[str, Any]:
    """A schedule and its log row; the schedule's values to compare later."""
    state = {
        "repetitions": 3,
        "interval": 15,
        "easiness": 236,
        "due": date(2026, 4, 1),
        "reps": 3,
        "lapses": 0,
    }
    Review.objects.create(learner=learner, card=card, kind="review", quality=4, day=date(2026, 3, 17),
                          at="2026-03-17T12:00Z", **state)  # fmt: skip
    Schedule.objects.create(learner=learner, card=card, deck=card.deck, graded_on=date(2026, 3, 17), **state)
    return Schedule.objects.filter(card=card).values().get()


def edit_note(client: Client, guid: str, **changes: Any) -> Any:
    return edit(client, page(note(guid)), "note_form", **changes)


def live_ordinals(guid: str) -> list[int]:
    return [card.ordinal for card in Card.objects.filter(note__guid=guid).live().order_by("ordinal")]


def untouched(guid: str) -> tuple[Any, ...]:
    row = note(guid)
    return library.to_exchange(row), row.content_at, [*row.citations.values_list("pk", "order")]


def new_note(client: Client, **values: Any) -> Any:
    url = "/admin/cards/note/add/"
    blank = {**fields(client.get(url), "note_form"), "kind": "basic"}
    return client.post(url, {**blank, **values})
