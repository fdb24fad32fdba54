"""What the taker of a quiz does in these tests."""

from collections.abc import Callable
from typing import Any

from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from cards import deckfile, library
from cards.models import Deck
from quizzes import assembling
from quizzes.models import Question, Quiz

HTMX = {"HX-Request": "true"}


SKIES = """deck: Nature::Water::Snow
slug: snow
source: water-cycle

Q: What is snow?
- [x] Frozen vapour
- [ ] Frozen rain
- [x] A store of water
kind: multi
> Snow is **frozen water vapour**.
id: bbbbbbbb01

Q: What stores water through the winter?
A: Snow
> **Snow** stores water through the winter.
id: bbbbbbbb02
use: study
"""


def load(owner: User, source: str, visibility: str = "public") -> Deck:
    return library.load_deck(owner, deckfile.parse(source, "deck.md"), visibility=visibility).deck


def one_question(owner: User, note: str, visibility: str = "public") -> tuple[Quiz, Question]:
    """A quiz of just this note."""
    source = f"deck: One\nslug: one\nsource: water-cycle\n\n{note}\nid: cccccccc01\n"
    quiz = assembling.make(owner, load(owner, source, visibility), seed=1)
    return quiz, quiz.questions.get()


def right_answer(question: Question) -> Any:
    if question.options:
        return [str(index) for index, option in enumerate(question.options) if option["right"]]
    return question.answers[0]


def respond(client: Client, question: Question, given: Any, **extra: Any) -> HttpResponse:
    data = {"number": question.position + 1, "given": given}
    return client.post(reverse("quizzes:respond", args=[question.quiz.code]), data, **extra)  # type: ignore[return-value]


def judge(client: Client, question: Question, had_it: str, **extra: Any) -> HttpResponse:
    data = {"number": question.position + 1, "had_it": had_it}
    return client.post(reverse("quizzes:judge", args=[question.quiz.code]), data, **extra)  # type: ignore[return-value]


def text(response: HttpResponse) -> str:
    return " ".join(response.content.decode().split())


RIVERS = """Q: What carries rain to the sea?
- [x] Rivers
- [ ] Clouds
      They bring rain *down*.
E: Every river does.
caution: Not all.
> **Rivers** carry the rain to the sea."""


REVERSED = """Q: What drives it?
A: The sun
R:
accept: sunlight
> **The sun** drives evaporation."""


SUN = """Q: What drives it?
A: The **sun**
accept: sunlight
> **The sun** drives evaporation."""


def queries(visit: Callable[[], object]) -> int:
    with CaptureQueriesContext(
        connection,
    ) as captured:
        visit()
    return len(captured)
