"""What a learner does in these tests."""

from datetime import UTC, datetime, timedelta

from django.test import Client

from accounts.models import User
from quizzes.models import Schedule

from .pages import Page, answer, next_question, page

MONDAY = datetime(2026, 3, 2, 12, tzinfo=UTC)


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


def undo(client: Client, review: str | int) -> Page:
    return page(client.post("/study/undo/", {"review": review, "deck": ""}, follow=True))
