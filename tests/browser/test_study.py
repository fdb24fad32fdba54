"""Studying in a browser: by keyboard, without JavaScript, in two tabs, and with the line cut."""

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import Page, expect

from accounts.models import User
from cards.models import Deck, Document, Note
from quizzes.models import Enrollment, Review

from .conftest import Visit, Watch
from .steps import (
    CLOUDS,
    RIVERS,
    SEA,
    SPRING,
    SUN,
    asked,
    expect_question,
    read_paragraph,
    show_answer,
    to_first_question,
)

pytestmark = pytest.mark.browser

READ, ANSWER, UNDO = "/study/read/", "/study/answer/", "/study/undo/"


def sign_in(page: Page) -> None:
    page.get_by_label("Username").fill("bob")
    page.get_by_label("Password").fill("bob's long password")
    page.keyboard.press("Enter")


def test_a_day_by_keyboard(visit: Visit, watch: Watch, studying: User) -> None:
    page = visit("/", as_=studying)
    page.keyboard.press("Space")
    to_first_question(page)
    page.keyboard.press("3")
    expect(page.locator(".grades")).to_be_hidden()
    show_answer(page)
    page.keyboard.press("3")
    expect_question(page, CLOUDS, at=2)

    show_answer(page)
    page.keyboard.press("4")
    expect_question(page, RIVERS, at=3)

    page.keyboard.press("u")
    expect_question(page, CLOUDS, at=2)
    show_answer(page)
    page.keyboard.press("3")
    page.keyboard.press("Escape")
    expect_question(page, RIVERS, at=3)

    show_answer(page)
    page.keyboard.press("3")
    expect(page.locator(".first-reading h1")).to_be_focused()
    read_paragraph(page, "Snow is frozen")
    expect_question(page, SUN, at=4)
    show_answer(page)
    page.keyboard.press("3")
    expect_question(page, SPRING, at=5)
    show_answer(page)
    page.keyboard.press("3")

    end = page.locator(".end-of-day")
    expect(end).to_contain_text("5 cards, 5 answers")
    expect(end.get_by_role("heading", name="Done for today")).to_be_focused()
    expect(page.get_by_role("progressbar")).to_have_attribute("value", "5")
    page.keyboard.press("Space")
    expect(page.get_by_role("heading", name="Nothing more today")).to_be_visible()
    assert watch.posts == [READ, READ, ANSWER, ANSWER, UNDO, ANSWER, ANSWER, READ, ANSWER, ANSWER]


def test_pressing_twice_grades_once(visit: Visit, watch: Watch, studying: User) -> None:
    page = visit("/study/", as_=studying)
    to_first_question(page)
    show_answer(page)
    page.keyboard.press("4")
    page.keyboard.press("2")
    expect_question(page, CLOUDS, at=2)
    assert watch.posts.count(ANSWER) == 1
    assert Review.objects.get().quality == 5


def test_a_held_key_does_one_thing(visit: Visit, watch: Watch, studying: User) -> None:
    page = visit("/study/", as_=studying)
    page.keyboard.down("Space")
    expect(page.locator(".first-reading")).to_contain_text("Clouds form")
    for _ in range(3):
        page.keyboard.down("Space")
    page.keyboard.up("Space")
    page.wait_for_timeout(200)  # ms in which a second request would come
    assert watch.posts == [READ]
    expect(page.locator(".first-reading")).to_contain_text("Clouds form")


def test_the_list_of_keys(visit: Visit, watch: Watch, studying: User) -> None:
    page = visit("/study/", as_=studying)
    to_first_question(page)
    keys = page.get_by_role("dialog", name="Keys")
    expect(keys).to_be_hidden()
    page.keyboard.press("?")
    expect(keys).to_be_visible()
    page.keyboard.press("u")
    page.keyboard.press("Escape")
    expect(keys).to_be_hidden()
    expect_question(page, SEA, at=1)
    show_answer(page)
    assert watch.posts == [READ, READ]


def test_without_javascript(visit: Visit, studying: User) -> None:
    page = visit("/study/", as_=studying, java_script_enabled=False)
    for _ in range(2):
        page.get_by_role("button", name="I have read it").click()
    expect(asked(page)).to_have_text(SEA)
    expect(page.locator(".grades")).to_be_hidden()
    page.get_by_text("Show answer").click()
    expect(page.locator(".source mark")).to_have_text("evaporates from the sea")
    page.get_by_role("button", name="Good").click()
    expect(asked(page)).to_have_text(CLOUDS)
    page.get_by_role("button", name="Undo").click()
    expect(asked(page)).to_have_text(SEA)
    page.get_by_text("Show answer").click()
    page.get_by_role("button", name="Easy").click()
    expect(asked(page)).to_have_text(CLOUDS)
    assert list(Review.objects.filter(undone_at=None).values_list("quality", flat=True)) == [5]


@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
def test_a_wrong_choice_leaves_one_grade(visit: Visit, studying: User, script: bool) -> None:
    page = visit("/study/", as_=studying, java_script_enabled=script)
    for _ in range(2):
        page.get_by_role("button", name="I have read it").click()
    for question in (SEA, CLOUDS):
        expect(asked(page)).to_have_text(question)
        page.get_by_text("Show answer").click()
        page.get_by_role("button", name="Good").click()
    expect(asked(page)).to_have_text(RIVERS)
    grades = page.locator(".grades button:visible")
    if script:
        wrong = page.get_by_label("Winds").get_attribute("data-key")
        page.keyboard.press(str(wrong))
        page.keyboard.press("Space")
    else:
        page.get_by_label("Winds").check()
        page.get_by_text("Show answer").click()
    expect(page.get_by_label("Winds")).to_be_checked()
    expect(page.locator(".answer")).to_have_text(
        "Not this time. The right answer: Rivers", use_inner_text=True
    )
    if script:
        page.get_by_label("Winds").press("ArrowDown")
        expect(page.get_by_label("Winds"), "the choice stands").to_be_checked()
        expect(page.locator(".options input:enabled")).to_have_count(1)
    expect(grades).to_have_count(1)
    expect(grades).to_contain_text("Again")
    grades.click()
    expect(page.locator(".first-reading")).to_be_visible()
    assert Review.objects.latest("pk").quality == 2


@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
def test_a_right_choice_is_said(visit: Visit, studying: User, deck: Deck, script: bool) -> None:
    Enrollment.objects.update(read_first=False)
    Note.objects.exclude(kind="choice").update(use="quiz")
    page = visit("/study/", as_=studying, java_script_enabled=script)
    answer = page.locator(".answer")
    expect(page.get_by_role("group", name="Choose one")).to_be_visible()
    page.get_by_label("Rivers").check()
    page.get_by_text("Show answer").click()
    expect(answer).to_have_text("Right. Rivers", use_inner_text=True)
    expect(page.locator(".grades button:visible")).to_have_count(4)
    page.reload()
    page.get_by_text("Show answer").click()
    expect(answer, "nothing was chosen").to_have_text("Rivers", use_inner_text=True)


def test_an_answered_box_cannot_be_emptied(visit: Visit, studying: User, deck: Deck) -> None:
    Enrollment.objects.update(read_first=False)
    Note.objects.exclude(kind="choice").update(use="quiz")
    Note.objects.update(multi=True)
    page = visit("/study/", as_=studying)
    for name in ("Rivers", "Winds"):
        page.get_by_role("checkbox", name=name).check()
    page.get_by_text("Show answer").click()
    page.get_by_role("checkbox", name="Winds").press("Space")
    expect(page.get_by_role("checkbox", name="Winds")).to_be_checked()
    expect(page.locator(".grades button:visible")).to_have_count(1)


def test_the_button_stands_where_the_next_one_will(visit: Visit, studying: User) -> None:
    page = visit("/study/", as_=studying)
    bottoms = []
    for name in ("I have read it", "I have read it"):
        box = page.get_by_role("button", name=name).bounding_box()
        assert box
        bottoms.append(box["y"] + box["height"])
        page.keyboard.press("Space")
        page.wait_for_timeout(200)
    expect_question(page, SEA, at=1)
    for place in (page.locator(".reveal > summary"), page.locator(".grades button").first):
        box = place.bounding_box()
        assert box
        bottoms.append(box["y"] + box["height"])
        page.keyboard.press("Space")
    assert max(bottoms) - min(bottoms) < 1


def test_a_learner_switches_the_keys_off(visit: Visit, studying: User) -> None:
    page = visit("/study/", as_=studying)
    to_first_question(page)
    page.get_by_role("button", name="Keys").click()
    box = page.get_by_role("checkbox", name="Single-key shortcuts on")
    expect(box).to_be_checked()
    box.uncheck()
    page.keyboard.press("Escape")
    page.locator(".question").focus()
    page.keyboard.press("Space")
    expect(page.locator(".answer")).to_be_hidden()
    expect(page.locator(".reveal kbd")).to_be_hidden()
    page.reload()
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_be_hidden()
    page.get_by_role("button", name="Keys").click()
    expect(box).not_to_be_checked()
    box.check()
    page.keyboard.press("Escape")
    page.locator(".question").focus()
    show_answer(page)


def test_buttons_are_named_without_their_keys(visit: Visit, studying: User) -> None:
    page = visit("/study/", as_=studying)
    to_first_question(page)
    show_answer(page)
    good = page.get_by_role("button", name="Good 1 day", exact=True)
    expect(good).to_have_attribute("aria-keyshortcuts", "3")
    page.keyboard.press("3")
    expect(page.get_by_role("button", name="Undo", exact=True)).to_be_visible()


def test_the_source_leads_to_its_sentence_in_the_reader(visit: Visit, studying: User) -> None:
    page = visit("/study/", as_=studying, viewport={"width": 900, "height": 300})
    to_first_question(page)
    show_answer(page)
    page.get_by_role("link", name="Read in place").click()
    here = page.locator(".passage.here")
    expect(here).to_contain_text("Water evaporates from the sea.")
    expect(here).to_be_in_viewport(ratio=1)
    expect(page.locator(".passage:target")).to_contain_text("Water evaporates from the sea.")
    background = "element => getComputedStyle(element).backgroundColor"
    other = page.get_by_role("link", name="Rivers carry the rain to the sea. (not begun)", exact=True)
    assert here.evaluate(background) != other.evaluate(background)


@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
def test_a_permanent_link_arrives_at_the_sentence(
    visit: Visit, document: Document, deck: Deck, script: bool
) -> None:
    window = {"width": 900, "height": 300}
    page = visit("/documents/water-cycle/?note=aaaaaaaa05", viewport=window, java_script_enabled=script)
    if not script:
        page.get_by_role("link", name="Jump to the sentence").click()
    expect(page.locator(".passage.here")).to_be_in_viewport(ratio=1)
    expect(page.locator(".passage.here mark")).to_have_text("the rivers")


def test_all_cards_of_a_paragraph_are_reachable(visit: Visit, studying: User) -> None:
    page = visit("/documents/water-cycle/", as_=studying, viewport={"width": 1280, "height": 800})
    cards = page.get_by_role("list", name="Cards of this paragraph").first
    expect(cards.get_by_role("link")).to_have_count(2)
    text, beside = page.locator(".block > p").first.bounding_box(), cards.bounding_box()
    assert text
    assert beside
    assert beside["x"] > text["x"] + text["width"]
    page.set_viewport_size({"width": 390, "height": 800})
    expect(cards).to_be_hidden()
    page.get_by_text("2 cards").first.click()
    expect(cards.get_by_role("link").last).to_be_visible()


def test_an_expired_session_leads_to_the_sign_in_and_back(visit: Visit, studying: User) -> None:
    page = visit("/decks/water/study/", as_=studying)
    to_first_question(page)
    show_answer(page)
    Session.objects.all().delete()
    page.keyboard.press("3")
    sign_in(page)
    expect(asked(page)).to_have_text(SEA)
    assert not Review.objects.exists()


def test_who_must_sign_in_first_comes_back_to_the_page_he_was_on(visit: Visit, bob: User, deck: Deck) -> None:
    page = visit("/decks/water/")
    page.get_by_role("button", name="Study this deck").click()
    sign_in(page)
    page.get_by_role("button", name="Study this deck").click()
    expect(page.locator(".first-reading")).to_be_visible()


def test_an_answer_from_another_tab_is_said(visit: Visit, watch: Watch, studying: User) -> None:
    one = visit("/study/", as_=studying)
    to_first_question(one)
    other = visit("/study/", as_=studying)
    show_answer(one)
    one.keyboard.press("4")
    expect_question(one, CLOUDS, at=2)
    show_answer(other)
    watch.expect("409")
    other.keyboard.press("1")
    expect(other.get_by_role("status")).to_contain_text("answered already")
    expect_question(other, CLOUDS, at=2)
    assert Review.objects.get().quality == 5


def test_a_lost_connection_is_said(visit: Visit, watch: Watch, studying: User) -> None:
    page = visit("/study/", as_=studying)
    to_first_question(page)
    show_answer(page)
    trouble = page.get_by_role("alert")
    expect(trouble).to_be_hidden()
    watch.expect("ERR_INTERNET_DISCONNECTED|htmx:")
    page.context.set_offline(True)
    page.keyboard.press("3")
    expect(trouble).to_contain_text("Recite did not answer")
    expect(page.locator(".answer")).to_be_visible()
    page.context.set_offline(False)
    page.keyboard.press("3")
    expect_question(page, CLOUDS, at=2)
    expect(trouble).to_be_hidden()
    assert Review.objects.count() == 1
