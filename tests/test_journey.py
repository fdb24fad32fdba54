"""The promise from end to end: the library, a link to sign in, days of study, a quiz, a deck for Anki."""

import re
import sqlite3
import zipfile
from collections.abc import Callable
from datetime import datetime, timedelta
from io import BytesIO, StringIO
from itertools import cycle
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from cards import library
from cards.models import Note
from config import upkeep
from quizzes.models import Quiz, Review, Schedule

from .quizzes.pages import answer, read, study, words

SLUG = "aplastic-anemia-mechanism"
GRADES = (4, 5, 2, 4, 3)  # Good, Easy, Again, Good, Hard


@pytest.fixture
def sleep(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Let a day pass."""
    real = timezone.now
    passed = [timedelta()]

    def now() -> datetime:
        return real() + sum(passed, timedelta())

    monkeypatch.setattr("django.utils.timezone.now", now)
    return lambda: passed.append(timedelta(days=1))


def test_from_the_texts_to_anki(db: None, sleep: Callable[[], None], tmp_path: Path) -> None:
    library.load_library(upkeep.owner(), settings.FIXTURES_DIR)
    learner = sign_in_by_link()
    learner.post("/enroll/", {"deck": SLUG})

    learned = []
    for _ in range(3):
        study_until_done(learner)
        call_command("check_integrity")
        learned.append(Schedule.objects.count())
        sleep()
    assert 0 < learned[0] < learned[1] < learned[2], "new cards come every day"
    assert Schedule.objects.filter(interval__gte=6).exists(), "and known ones later and later"
    assert set(Review.objects.values_list("kind", flat=True)) == {"review", "drill"}

    assert take_quiz(learner) == "10 of 10 right"
    call_command("check_integrity")

    notes = Note.objects.live().filter(deck__slug=SLUG).exclude(use="quiz")
    assert export(learner, tmp_path) == notes.count()


def sign_in_by_link() -> Client:
    """As the owner does: the printed link, its page, its button; the link works once."""
    out, client = StringIO(), Client()
    call_command("signin_link", stdout=out)
    link = urlsplit(out.getvalue().strip())
    page = client.get(f"{link.path}?{link.query}").content.decode()
    fields = dict(re.findall(r'name="(sesame|next)" value="([^"]*)"', page))
    assert client.post(link.path, fields)["Location"] == "/"
    assert Client().post(link.path, fields).status_code == 403
    return client


def study_until_done(learner: Client) -> None:
    """Answer whatever comes, with every grade; each answer stands in its passage."""
    grades, shown = cycle(GRADES), study(learner, SLUG)
    for _ in range(200):
        match shown.kind:
            case "reading":
                shown = read(learner, shown)
            case "question":
                assert shown.marked, f"no words are marked in the passage of “{shown.question}”"
                shown = answer(learner, shown, next(grades))
            case "end":
                assert "Done for today" in shown.text
                return
    raise AssertionError("the day does not end")


def take_quiz(learner: Client) -> str:
    """Answer every question rightly; the score as the result page says it."""
    learner.post("/quizzes/make/", {"deck": SLUG})
    quiz = Quiz.objects.get()
    for number, question in enumerate(quiz.questions.order_by("position"), 1):
        right = [str(place) for place, option in enumerate(question.options) if option["right"]]
        given = right or question.answers[0]
        feedback = learner.post(f"/q/{quiz.code}/answer/", {"number": number, "given": given}, follow=True)
        assert 'class="verdict right"' in feedback.content.decode()
        assert "<mark>" in feedback.content.decode()
    result = learner.get(f"/q/{quiz.code}/result/").content.decode()
    found = re.search(r'class="score">(.*?)</p>', result)
    assert found
    return words(found.group(1))


def export(learner: Client, folder: Path) -> int:
    """Download the deck for Anki; the number of notes in its collection."""
    package = b"".join(learner.get(f"/decks/{SLUG}/export/anki/").streaming_content)  # type: ignore[attr-defined]
    with zipfile.ZipFile(BytesIO(package)) as file:
        collection = Path(file.extract("collection.anki2", folder))
    connection = sqlite3.connect(collection)
    (notes,) = connection.execute("SELECT count(*) FROM notes").fetchone()
    connection.close()
    return int(notes)
