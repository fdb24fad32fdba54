"""The cast: Alice owns, Bob may, Charlie may not. And a small document with a deck of every kind of note."""

from collections import Counter

import hypothesis
import pytest
from django.test import Client

from accounts.models import User
from cards import deckfile, library
from cards.models import Deck, Document

hypothesis.settings.register_profile("house", deadline=None)  # two busy cores
hypothesis.settings.load_profile("house")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say each reason for skipping once."""
    skipped = terminalreporter.getreports("skipped")
    reasons = Counter(report.longrepr[2].removeprefix("Skipped: ") for report in skipped)  # type: ignore[index]
    for reason, count in reasons.items():
        terminalreporter.write_line(f"{count} skipped: {reason}")


TEXT = """The water cycle
Water evaporates from the sea. The sun drives evaporation. Vapour rises and cools in the air.
Clouds form when vapour condenses on dust. Rain falls from heavy clouds. Rivers carry the rain to the sea.
Snow is frozen water vapour. Snow stores water through the winter. Melting snow feeds the rivers in spring.
"""

DECK = """deck: Nature::Water
slug: water
source: water-cycle
tags: water

Q: What drives evaporation?
A: The sun
> **The sun** drives evaporation.
id: aaaaaaaa01
tags: sun

Q: What is the sea's part in the water cycle?
A: Water evaporates from it
R: From what does water evaporate in the cycle?
RA: The sea
> Water **evaporates from the sea**.
id: aaaaaaaa02

C: Clouds form when {{c1::vapour}} condenses on {{c2::dust::tiny particles}}.
> Clouds form when **vapour** condenses on **dust**.
id: aaaaaaaa03

Q: What carries rain to the sea?
- [x] Rivers
- [ ] Clouds
      They bring rain down.
- [ ] Winds
> **Rivers** carry the rain to the sea.
id: aaaaaaaa04

Q: What does melting snow feed in spring?
A: The rivers
E: Which is why they are high in April.
> Melting snow feeds **the rivers** in spring
id: aaaaaaaa05
"""


@pytest.fixture
def alice(db: None) -> User:
    return User.objects.create_user("alice", password="alice's long password")


@pytest.fixture
def bob(db: None) -> User:
    return User.objects.create_user("bob", password="bob's long password")


@pytest.fixture
def charlie(db: None) -> User:
    return User.objects.create_user("charlie", password="charlie's long password")


@pytest.fixture
def document(alice: User) -> Document:
    return library.ingest(alice, TEXT.encode(), "water.txt", slug="water-cycle", visibility="public")[0]


@pytest.fixture
def deck(alice: User, document: Document) -> Deck:
    """Alice's public deck: five notes, seven cards, of every kind."""
    return library.load_deck(alice, deckfile.parse(DECK, "water.md"), visibility="public").deck


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def as_alice(alice: User) -> Client:
    return signed_in(alice)


@pytest.fixture
def as_bob(bob: User) -> Client:
    return signed_in(bob)


@pytest.fixture
def as_charlie(charlie: User) -> Client:
    return signed_in(charlie)
