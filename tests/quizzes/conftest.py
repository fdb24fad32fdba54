"""Bob studies, on a clock the tests own."""

import pytest

from accounts.models import User
from cards.models import Deck
from quizzes import assembling, enrolling
from quizzes.models import Quiz

from .study_steps import Clock


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> "Clock":
    """The time of day is outside the machine; the tests own it."""
    clock = Clock()
    monkeypatch.setattr("django.utils.timezone.now", lambda: clock.now)
    return clock


@pytest.fixture
def studying(bob: User, deck: Deck, clock: Clock) -> User:
    """Bob studies Alice's public deck."""
    enrolling.enroll(bob, deck)
    return bob


@pytest.fixture
def quiz(alice: User, deck: Deck) -> Quiz:
    return assembling.make(alice, deck, seed=1)
