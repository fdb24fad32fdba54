"""A quiz by keyboard, a question at a time."""

import pytest
from playwright.sync_api import Page, expect

from accounts.models import User
from cards.models import Deck
from quizzes import assembling
from quizzes.models import Attempt, Question, Quiz

from .conftest import Visit, Watch

pytestmark = pytest.mark.browser


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
    expect(page.get_by_role("heading", name="Water")).to_be_visible()
    page.keyboard.press("Enter")
    questions = list(quiz.questions.order_by("position"))
    for number, question in enumerate(questions, 1):
        expect(page.locator("header.top .num")).to_have_text(f"Question {number} of {len(questions)}")
        expect(page).to_have_title(f"Question {number} · Water · Recite")
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
