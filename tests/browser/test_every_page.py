"""Every page, as axe-core sees it in light and dark, and whether it fits a window of 320 px."""

from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.template.loader import render_to_string
from django.utils import timezone
from playwright.sync_api import Page, expect

from accounts import links
from accounts.models import User
from cards.models import Deck, Document, Note
from quizzes import assembling
from quizzes.models import Enrollment, Review, Schedule

from .conftest import Visit, Watch
from .steps import CLOUDS, RIVERS, expect_question, show_answer, to_first_question

pytestmark = pytest.mark.browser

# preload: axe would copy imported style sheets into <style>, which our policy rightly blocks.
OPTIONS = {"resultTypes": ["violations"], "preload": False}
EVERY_RULE = {**OPTIONS, "rules": {"target-size": {"enabled": True}}}
COLOURS = {**OPTIONS, "runOnly": ["color-contrast", "link-in-text-block"]}
# Django's own markup: filter links lower than 24 px; an empty Select2 field without a name.
DJANGO_ADMIN = {**OPTIONS, "rules": {"aria-input-field-name": {"enabled": False}}}
NARROW = {"width": 320, "height": 700}
OVERFLOW = """() => [...document.querySelectorAll("body *")]
    .filter(element => element.checkVisibility() && element.getBoundingClientRect().right > innerWidth + 1)
    .map(element => element.outerHTML.slice(0, 90))"""


class Examiner:
    """Collects what is wrong with each page it is shown."""

    def __init__(self, visit: Visit) -> None:
        self.visit = visit
        self.findings: list[str] = []
        self.axe = Axe()
        self.rules = EVERY_RULE

    def pages(self, *addresses: str, as_: User | None = None) -> Page:
        """Look at each, in one tab; it stays at the last."""
        tab = self.visit(addresses[0], as_=as_)
        self.look(tab)
        for address in addresses[1:]:
            tab.goto(address)
            self.look(tab)
        return tab

    def verdict(self) -> None:
        assert not self.findings, "\n".join(self.findings)

    def look(self, page: Page, what: str = "") -> None:
        name = f"{page.url.split('/', 3)[3]} {what}"
        self._axe(page, f"{name} light", self.rules)
        page.emulate_media(color_scheme="dark")
        page.evaluate("Promise.all(document.getAnimations().map(each => each.finished))")
        self._axe(page, f"{name} dark", COLOURS)
        page.emulate_media(color_scheme="light")
        self._narrow(page, name)

    def _axe(self, page: Page, name: str, options: dict[str, object]) -> None:
        for found in self.axe.run(page, options=options).response["violations"]:
            for node in found["nodes"]:
                self.findings.append(f"{name}: {found['id']} {node['target']} {node['html'][:120]}")

    def _narrow(self, page: Page, name: str) -> None:
        usual = page.viewport_size
        page.set_viewport_size(NARROW)  # type: ignore[arg-type]
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            self.findings.append(f"{name}: wider than 320 px {page.evaluate(OVERFLOW)}")
        page.set_viewport_size(usual)  # type: ignore[arg-type]


@pytest.fixture
def examine(visit: Visit) -> Examiner:
    return Examiner(visit)


def test_pages_for_everyone(examine: Examiner, deck: Deck) -> None:
    examine.pages(
        "/decks/",
        "/decks/nature/",
        "/decks/water/",
        "/decks/water/export/",
        "/documents/",
        "/documents/water-cycle/",
        "/documents/water-cycle/?note=aaaaaaaa03#p6",
        "/notes/aaaaaaaa03/",
        "/notes/aaaaaaaa04/",
    )
    examine.verdict()


def test_doors(examine: Examiner, watch: Watch, bob: User, charlie: User) -> None:
    link = links.sign_in_link(charlie).split("/", 3)[3]
    door = examine.pages(f"/{link}", "/accounts/sign-in/")
    door.get_by_label("Username").fill("bob")
    door.get_by_label("Password").fill("wrong")
    watch.expect("422")
    door.keyboard.press("Enter")
    expect(door.locator(".errorlist")).to_be_visible()
    examine.look(door, "refused")
    watch.expect("403")
    examine.pages("/accounts/link/?sesame=spent")
    examine.verdict()


def test_faults(examine: Examiner, watch: Watch, studying: User) -> None:
    User.objects.filter(pk=studying.pk).update(is_staff=True)
    watch.expect("status 404|status of 404")
    watch.expect("status 403|status of 403")
    watch.expect("status 400|status of 400")
    tab = examine.pages("/nowhere/", "/admin/cards/note/", as_=studying)
    expect(tab.locator(".code")).to_have_text("403")

    tab.goto("/settings/")
    tab.context.clear_cookies(name="recite_csrf")
    tab.get_by_role("button", name="Save").click()
    expect(tab.locator(".code")).to_have_text("403")
    examine.look(tab, "without a cookie")

    tab.goto("/quizzes/")
    tab.locator("select").evaluate("select => { select.options[0].value = 'no deck' }")
    tab.get_by_role("button", name="Make a quiz").click()
    expect(tab.locator(".code")).to_have_text("400")
    examine.look(tab)

    page_500 = render_to_string("500.html")
    tab.route("**/broken/", lambda route: route.fulfill(body=page_500, content_type="text/html"))
    tab.goto("/broken/")
    expect(tab.locator(".code")).to_have_text("500")
    examine.look(tab)
    examine.verdict()


def test_a_learners_first_pages(examine: Examiner, bob: User) -> None:
    examine.pages("/", "/decks/", "/documents/", "/quizzes/", as_=bob)
    examine.verdict()


def test_a_learners_pages(examine: Examiner, watch: Watch, studying: User, alice: User, deck: Deck) -> None:
    examine.pages("/", as_=alice)
    a_memory(studying, deck)
    tab = examine.pages(
        "/", "/decks/water/", "/documents/water-cycle/", "/notes/aaaaaaaa01/", "/settings/", as_=studying
    )
    watch.expect("422")
    tab.get_by_label("Time zone").fill("Mars/Base")
    tab.get_by_role("button", name="Save").click()
    expect(tab.locator(".errorlist")).to_be_visible()
    examine.look(tab, "refused")
    tab.get_by_label("Time zone").fill("Europe/Paris")
    tab.get_by_role("button", name="Save").click()
    expect(tab.get_by_role("status")).to_be_visible()
    examine.look(tab, "saved")
    examine.verdict()


def a_memory(learner: User, deck: Deck) -> None:
    """Cards failed, due, young and well known; the others not begun."""
    today = timezone.now().date()
    states = [(0, 1, 1), (2, 6, 0), (2, 6, 3), (4, 38, 20)]  # repetitions, interval, days until due
    cards = deck.cards.order_by("position").exclude(ordinal=1)
    for card, (repetitions, interval, days) in zip(cards, states, strict=False):
        Schedule.objects.create(
            learner=learner, card=card, deck=deck, repetitions=repetitions, interval=interval, easiness=250,
            due=today + timedelta(days=days), graded_on=today - timedelta(days=1), reps=4,
        )  # fmt: skip


def test_study(examine: Examiner, watch: Watch, studying: User) -> None:
    tab = examine.pages("/decks/water/study/", as_=studying)
    to_first_question(tab)
    other = examine.visit("/study/", as_=studying)
    examine.look(tab, "question")
    tab.keyboard.press("?")
    examine.look(tab, "keys")
    tab.keyboard.press("Escape")
    show_answer(tab)
    examine.look(tab, "answer")
    tab.locator("#trouble").evaluate("box => { box.hidden = false }")
    examine.look(tab, "trouble")
    tab.keyboard.press("3")
    expect_question(tab, CLOUDS, at=2)
    watch.expect("409")
    show_answer(other)
    other.keyboard.press("3")
    expect(other.get_by_role("status")).to_be_visible()
    examine.look(other, "answered in another tab")

    show_answer(tab)
    tab.keyboard.press("3")
    expect_question(tab, RIVERS, at=3)
    tab.get_by_label("Winds").check()
    show_answer(tab)
    examine.look(tab, "wrong choice")
    tab.keyboard.press("1")
    expect(tab.locator(".first-reading")).to_be_visible()
    Enrollment.objects.update(new_per_day=0)
    Review.objects.filter(quality=2).update(undone_at=timezone.now())
    tab.goto("/study/")
    expect(tab.locator(".end-of-day")).to_contain_text("Done for today")
    examine.look(tab, "end")
    examine.verdict()


def test_quiz(examine: Examiner, alice: User, bob: User, deck: Deck) -> None:
    quiz = assembling.make(alice, deck, seed=1)
    tab = examine.pages(quiz.get_absolute_url(), as_=bob)
    tab.keyboard.press("Enter")
    seen = set()
    for question in quiz.questions.order_by("position"):
        expect(tab.locator("#quiz form")).to_be_visible()
        seen.add(question.form)
        examine.look(tab, f"{question.form} question")
        if question.options:
            tab.get_by_label("Winds").check()
        else:
            tab.get_by_role("textbox").fill("it cannot be told")
        tab.keyboard.press("Enter")
        expect(tab.locator(".verdict")).to_be_visible()
        examine.look(tab, f"{question.form} feedback")
        tab.keyboard.press("Enter" if question.options else "2")
    expect(tab.locator(".score")).to_be_visible()
    examine.look(tab)
    tab.goto("/quizzes/")
    examine.look(tab)
    assert seen == {"choice", "typed", "cloze"}
    examine.verdict()


def test_admin(examine: Examiner, alice: User, deck: Deck, document: Document) -> None:
    User.objects.filter(pk=alice.pk).update(is_staff=True, is_superuser=True)
    note = Note.objects.get(guid="aaaaaaaa04")
    examine.rules = DJANGO_ADMIN
    examine.pages(
        "/admin/",
        "/admin/cards/note/",
        f"/admin/cards/note/{note.pk}/change/",
        "/admin/cards/note/add/",
        "/admin/cards/document/",
        f"/admin/cards/document/{document.pk}/change/",
        "/admin/cards/deck/",
        f"/admin/cards/deck/{deck.pk}/change/",
        as_=alice,
    )
    examine.verdict()
