"""A Chromium for these tests, and a watch that fails a test on what no page of ours may do."""

import os
import re
import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Request,
    Response,
    sync_playwright,
)
from pytest_django.live_server_helper import LiveServer

from accounts.models import User
from cards.models import Deck
from quizzes import enrolling

from ..conftest import signed_in

CHROMIUMS = ("chromium", "chromium-browser", "google-chrome")
MISSING = "no Chromium found: browser tests skipped; install Debian's chromium"
FLAGS = [
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--disable-quic",
]
WAIT = 10_000  # ms; two busy cores

Visit = Callable[..., Page]


def find_chromium() -> str | None:
    """The program to drive; RECITE_CHROMIUM names another than the usual ones."""
    wanted = (os.environ.get("RECITE_CHROMIUM", ""), *CHROMIUMS)
    return next(filter(None, map(shutil.which, wanted)), None)


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """One browser for all tests here; skips them where there is none, or fails if one is demanded."""
    program = find_chromium()
    if program is None and os.environ.get("RECITE_REQUIRE_BROWSER") == "1":
        pytest.fail("no Chromium found, and RECITE_REQUIRE_BROWSER=1 demands one", pytrace=False)
    if program is None:
        pytest.skip(MISSING)
    flags = [*FLAGS, "--no-sandbox"] if os.geteuid() == 0 else FLAGS
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        # Playwright keeps an event loop in this thread, where Django would refuse to touch the database.
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        browser = playwright.chromium.launch(executable_path=program, args=flags)
        yield browser
        browser.close()


class Watch:
    """What the pages of a test asked for, and what went wrong with them."""

    def __init__(self, site: str) -> None:
        self.site = site
        self.posts: list[str] = []  # paths, in their order
        self.problems: list[str] = []
        self._expected: list[str] = []

    def expect(self, pattern: str) -> None:
        """This problem is what the test is about. It must come."""
        self._expected.append(pattern)

    def over(self, context: BrowserContext) -> None:
        context.on("console", self._console)
        context.on("weberror", lambda error: self.problems.append(f"page error: {error.error}"))
        context.on("request", self._request)
        context.on("requestfailed", self._failed)
        context.on("response", self._response)

    def verdict(self) -> None:
        """Fail on problems nobody expected, and on expected ones that did not come."""
        unexpected = [problem for problem in self.problems if not _any(self._expected, problem)]
        missing = [f"never came: {one}" for one in self._expected if not _any([one], *self.problems)]
        assert not unexpected + missing, "\n".join(unexpected + missing)

    def _console(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:  # a CSP violation is an error here
            self.problems.append(f"console: {message.text} ({message.location.get('url', '')})")

    def _request(self, request: Request) -> None:
        if request.method == "POST":
            self.posts.append(urlsplit(request.url).path)
        if request.url.startswith("http") and not request.url.startswith(f"{self.site}/"):
            self.problems.append(f"elsewhere: {request.method} {request.url}")

    def _failed(self, request: Request) -> None:
        if request.failure != "net::ERR_ABORTED":  # the browser's own doing: the page was left
            self.problems.append(f"failed: {request.method} {request.url}: {request.failure}")

    def _response(self, response: Response) -> None:
        if response.status >= 400:
            self.problems.append(f"status {response.status}: {response.request.method} {response.url}")


def _any(patterns: list[str], *texts: str) -> bool:
    return any(re.search(pattern, text) for pattern in patterns for text in texts)


@pytest.fixture
def watch(live_server: LiveServer) -> Iterator[Watch]:
    watch = Watch(live_server.url)
    yield watch
    watch.verdict()


@pytest.fixture
def visit(browser: Browser, live_server: LiveServer, watch: Watch) -> Iterator[Visit]:
    """Open a tab of one's own: visit(address, as_=user, **context options)."""
    contexts: list[BrowserContext] = []

    def visit(address: str, as_: User | None = None, **options: Any) -> Page:
        context = browser.new_context(base_url=live_server.url, reduced_motion="reduce", **options)
        contexts.append(context)
        context.set_default_timeout(WAIT)
        watch.over(context)
        if as_:
            context.add_cookies([session_cookie(as_, live_server.url)])
        page = context.new_page()
        page.goto(address)
        return page

    yield visit
    for context in contexts:
        context.close()


@pytest.fixture
def studying(bob: User, deck: Deck) -> User:
    """Bob studies Alice's public deck. His day begins half a day from now: it must not turn in mid-test."""
    bob.day_start = (datetime.now(UTC).hour + 12) % 24
    bob.save(update_fields=["day_start"])
    enrolling.enroll(bob, deck)
    return bob


def session_cookie(user: User, site: str) -> Any:
    name = settings.SESSION_COOKIE_NAME
    return {"name": name, "value": signed_in(user).cookies[name].value, "url": site}
