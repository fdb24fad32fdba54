"""A quiz by keyboard, a question at a time."""

from datetime import UTC, datetime

import pytest
from playwright.sync_api import FloatRect, Page, expect

from accounts.models import User
from cards.models import Deck
from quizzes import assembling, taking
from quizzes.models import Attempt, Question, Quiz

from .conftest import Visit, Watch

pytestmark = pytest.mark.browser
CELLS = ("th > a:first-child", "td:nth-child(2) ins", "td:last-child")
LINE = 20  # px, about a line of text


@pytest.fixture
def quiz(alice: User, deck: Deck) -> Quiz:
    """Alice's, for Bob to take: it begins when he does."""
    return assembling.make(alice, deck, seed=1)


def answer(page: Page, question: Question) -> None:
    """The right answer, by keys alone."""
    if question.options:
        for index, option in enumerate(question.options):
            if option["right"]:
                page.keyboard.press(str(index + 1))
    else:
        expect(page.get_by_role("textbox")).to_be_focused()
        page.keyboard.type(question.answers[0])
    page.keyboard.press("Enter")


def test_a_whole_quiz_by_keyboard(visit: Visit, watch: Watch, bob: User, quiz: Quiz) -> None:
    page = visit(quiz.get_absolute_url(), as_=bob)
    expect(page.get_by_role("heading", name="Nature · Water")).to_be_visible()
    page.keyboard.press("Enter")
    questions = list(quiz.questions.order_by("position"))
    for number, question in enumerate(questions, 1):
        expect(page.locator("header.top .num")).to_have_text(f"Question {number} of {len(questions)}")
        expect(page).to_have_title(f"Question {number} · Nature · Water · Recite")
        answer(page, question)
        verdict = page.locator(".verdict")
        expect(verdict).to_have_class("verdict right")
        expect(verdict).to_be_focused()
        expect(page.locator("figure.source mark").first).to_be_visible()
        expect(page.get_by_role("progressbar")).to_have_attribute("value", str(number))
        page.keyboard.press("Enter")
    expect(page.locator(".score")).to_have_text(f"{len(questions)} of {len(questions)} right")
    assert len(questions) == 5
    assert watch.posts.count(f"/q/{quiz.code}/answer/") == 5
    assert Attempt.objects.get(learner=bob).finished_at


def test_an_answer_left_open_is_judged_by_key(visit: Visit, bob: User, quiz: Quiz) -> None:
    typed = quiz.questions.filter(form="typed").earliest("position")
    quiz.questions.exclude(pk=typed.pk).delete()
    page = visit(quiz.get_absolute_url(), as_=bob)
    page.keyboard.press("Enter")
    page.get_by_role("textbox").fill("it cannot be told")
    page.keyboard.press("Enter")
    expect(page.locator(".verdict")).to_have_class("verdict open")
    for name, key in [("I had it", "1"), ("I did not", "2")]:
        button = page.get_by_role("button", name=name, exact=True)  # the key is no part of the name
        expect(button).to_have_attribute("aria-keyshortcuts", key)
    page.keyboard.press("1")
    expect(page.locator(".score")).to_have_text("1 of 1 right")


def test_a_reload_shows_the_feedback_again(visit: Visit, bob: User, quiz: Quiz) -> None:
    page = visit(quiz.get_absolute_url(), as_=bob)
    page.keyboard.press("Enter")
    page.get_by_role("button", name="I don’t know").click()
    expect(page.locator(".verdict")).to_be_visible()
    shown = page.locator("#quiz").inner_text()
    page.reload()
    assert page.locator("#quiz").inner_text() == shown


def result_of(quiz: Quiz, learner: User) -> str:
    """The address of a result with nothing known, and the first question a long one."""
    first = quiz.questions.earliest("position")
    Question.objects.filter(pk=first.pk).update(form="typed", stem="How does the water go? " * 6, options=[])
    Question.objects.filter(pk=first.pk).update(answers=["Up and down"])
    run = taking.run(quiz, learner)
    assert run
    for question in run.questions:
        taking.answer(run, question, "" if question.form in {"typed", "cloze"} else [], 0)
    return f"{quiz.get_absolute_url()}result/"


def row(page: Page) -> list[FloatRect]:
    """Where the words of the first row stand: question, answer, verdict."""
    found = [page.locator(".result tbody tr").first.locator(cell).bounding_box() for cell in CELLS]
    return [box for box in found if box]


def test_the_result_sets_question_and_answer_side_by_side(visit: Visit, alice: User, quiz: Quiz) -> None:
    page = visit(result_of(quiz, alice), as_=alice, viewport={"width": 1280, "height": 900})
    question, answer, verdict = row(page)
    assert question["x"] + question["width"] <= answer["x"]
    assert question["height"] > 2 * LINE
    assert abs(answer["y"] - question["y"]) < LINE / 2
    assert abs(verdict["y"] - question["y"]) < LINE / 2


def test_the_result_on_a_phone_sets_the_answer_below(visit: Visit, alice: User, quiz: Quiz) -> None:
    page = visit(result_of(quiz, alice), as_=alice, viewport={"width": 390, "height": 844})
    question, answer, verdict = row(page)
    assert question["width"] > 390 / 2
    assert question["x"] + question["width"] <= verdict["x"]
    assert verdict["y"] < question["y"] + LINE
    assert answer["y"] >= question["y"] + question["height"]
    assert abs(answer["x"] - question["x"]) < LINE / 2


@pytest.mark.parametrize("width", [390, 1280])
def test_quizzes_of_one_deck_are_told_apart(visit: Visit, alice: User, deck: Deck, width: int) -> None:
    for hour in (9, 17):
        quiz = assembling.make(alice, deck)
        started = datetime(2024, 10, 5, hour, 2, tzinfo=UTC)
        Attempt.objects.filter(quiz=quiz).update(started_at=started)
    page = visit("/quizzes/", as_=alice, viewport={"width": width, "height": 844})
    rows = page.locator(".decks tbody tr").all_inner_texts()
    assert len(set(rows)) == len(rows) == 2
    assert all(text.count("5 Oct") == 1 for text in rows)
