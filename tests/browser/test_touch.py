"""Studying with a thumb: a phone's window, its touch, and no keyboard."""

import pytest
from playwright.sync_api import Page, expect

from accounts.models import User
from quizzes.models import Review

from .conftest import Visit

pytestmark = pytest.mark.browser

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
LOW = {"width": 390, "height": 420}  # the page is longer than the window
THUMB = 44  # px


def tap_through_to_an_answer(page: Page) -> None:
    for _ in range(2):
        page.get_by_role("button", name="I have read it").tap()
    page.get_by_text("Show answer").tap()
    expect(page.locator(".answer")).to_be_visible()


def test_a_card_by_touch(visit: Visit, studying: User) -> None:
    page = visit("/", as_=studying, **PHONE)
    page.get_by_role("link", name="Study", exact=True).tap()
    tap_through_to_an_answer(page)
    expect(page.locator("kbd:visible")).to_have_count(0)
    grades = page.locator(".grades button")
    expect(grades).to_have_count(4)
    for grade in grades.all():
        box = grade.bounding_box()
        assert box
        assert min(box["height"], box["width"]) >= THUMB
    page.get_by_role("button", name="Good").tap()
    expect(page.locator(".question")).to_contain_text("Clouds form when")
    page.get_by_role("button", name="Undo").tap()
    expect(page.locator(".question")).to_contain_text("the sea's part")
    assert Review.objects.get().undone_at


def test_the_grades_do_not_lie_over_the_source(visit: Visit, studying: User) -> None:
    page = visit("/study/", as_=studying, **{**PHONE, "viewport": LOW})
    tap_through_to_an_answer(page)
    grades, last_line = page.locator(".grades"), page.locator(".source figcaption")
    expect(grades).to_be_in_viewport(ratio=1)
    page.evaluate("window.scrollTo(0, document.documentElement.scrollHeight)")
    expect(last_line).to_be_in_viewport(ratio=1)
    above, below = last_line.bounding_box(), grades.bounding_box()
    assert above
    assert below
    assert above["y"] + above["height"] <= below["y"]


def test_what_is_pressed_in_study_is_large_enough_for_a_thumb(visit: Visit, studying: User) -> None:
    page = visit("/", as_=studying, **PHONE)
    small = small_targets(page)
    page.get_by_role("link", name="Study", exact=True).tap()
    expect(page.locator(".first-reading")).to_be_visible()
    small += small_targets(page)
    tap_through_to_an_answer(page)
    small += small_targets(page)
    page.get_by_role("button", name="Good").tap()
    expect(page.locator(".question")).to_contain_text("Clouds form when")
    small += small_targets(page)
    assert small == []


SMALL_TARGETS = """thumb => [...document.querySelectorAll("a[href], button, summary, select, input, label")]
    .filter(element => element.checkVisibility() && element.type !== "hidden")
    .filter(element => !element.matches(".skip, p a, figcaption a, .folded *, label input"))
    .filter(element => element.getBoundingClientRect().height < thumb - 0.5)
    .map(element => element.outerHTML.slice(0, 120))"""


def small_targets(page: Page) -> list[str]:
    """What can be pressed but is lower than a thumb; links within running text are excepted."""
    return page.evaluate(SMALL_TARGETS, THUMB)  # type: ignore[no-any-return]
