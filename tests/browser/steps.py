"""What a learner does in the browser, by keyboard."""

from playwright.sync_api import Locator, Page, expect

SEA = "What is the sea's part in the water cycle?"
CLOUDS = "Clouds form when blank […] condenses on dust."
RIVERS = "What carries rain to the sea?"
SUN = "What drives evaporation?"
SPRING = "What does melting snow feed in spring?"


def asked(page: Page) -> Locator:
    return page.locator(".question")


def expect_question(page: Page, text: str, at: int) -> None:
    """The question is there, has the focus, and the bar has counted on to it."""
    expect(asked(page)).to_have_text(text)
    expect(asked(page)).to_be_focused()
    expect(page.locator("header.top .num")).to_have_text(f"{at} of 5")
    expect(page.locator(".grades")).to_be_hidden()


def read_paragraph(page: Page, beginning: str) -> None:
    expect(page.locator(".first-reading")).to_contain_text(beginning)
    page.keyboard.press("Space")


def to_first_question(page: Page) -> None:
    """Past the two paragraphs that come before it."""
    read_paragraph(page, "Water evaporates")
    read_paragraph(page, "Clouds form")
    expect_question(page, SEA, at=1)


def show_answer(page: Page) -> None:
    page.keyboard.press("Space")
    expect(page.locator(".answer")).to_be_visible()
    expect(page.locator(".answer")).to_be_focused()
