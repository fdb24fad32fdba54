"""A package imported again: what Anki keeps, and what it takes over."""

from dataclasses import replace

import pytest
from anki.collection import Collection

from cards.library import retire_notes, save_note, to_exchange
from cards.models import Deck, Note

from .asking import cards, notes
from .conftest import Bring

pytestmark = pytest.mark.django_db


def edit_in_anki(anki: Collection, guid: str, field: str, value: str) -> None:
    note = notes(anki)[guid]
    note[field] = value
    anki.update_note(note)


def edit_here(guid: str, **changes: str) -> None:
    note = Note.objects.get(guid=guid)
    save_note(note.deck, replace(to_exchange(note), **changes), note)  # type: ignore[arg-type]


def test_an_edit_made_in_anki_survives_the_same_package(cells: Deck, anki: Collection, bring: Bring) -> None:
    bring(cells)
    edit_in_anki(anki, "basic00001", "Back", "my own words")
    bring(cells)
    assert notes(anki)["basic00001"]["Back"] == "my own words"
    assert len(notes(anki)) == 6


def test_an_edit_of_the_author_arrives_and_the_schedule_stays(
    cells: Deck, anki: Collection, bring: Bring
) -> None:
    bring(cells)
    card = cards(anki)["basic00001", 0]
    anki.sched.set_due_date([card.id], "7!")
    before = cards(anki)["basic00001", 0]
    edit_here("basic00001", answer="<0.25")
    bring(cells)
    assert notes(anki)["basic00001"]["Back"] == "&lt;0.25"
    after = cards(anki)["basic00001", 0]
    assert (after.id, after.due, after.ivl, after.factor, after.queue) == (
        before.id, before.due, before.ivl, before.factor, before.queue,
    )  # fmt: skip
    assert after.ivl == 7


def test_a_new_deletion_makes_one_more_card(cells: Deck, anki: Collection, bring: Bring) -> None:
    bring(cells)
    old = {key: card.id for key, card in cards(anki).items()}
    text = Note.objects.get(guid="cloze00001").question
    edit_here("cloze00001", question=f"{text} {{{{c2::More}}}}.")
    bring(cells)
    now = {key: card.id for key, card in cards(anki).items()}
    assert set(now) - set(old) == {("cloze00001", 1)}
    assert now.items() >= old.items()


def test_what_the_download_page_says_of_tags_decks_and_deletions(
    cells: Deck, anki: Collection, bring: Bring
) -> None:
    bring(cells)
    note = notes(anki)["basic00001"]
    note.tags = ["mine"]
    anki.update_note(note)
    elsewhere = anki.decks.id("Mine")
    assert elsewhere
    anki.set_deck([card.id for card in note.cards()], elsewhere)
    edit_here("basic00001", answer="new")
    Note.objects.filter(guid="basic00001").update(content_at="2100-01-01T00:00Z")  # after the edit in Anki
    retire_notes([Note.objects.get(guid="swapped001")])
    bring(cells)
    updated = notes(anki)["basic00001"]
    assert (updated["Back"], updated.tags) == ("new", ["alpha::beta", "blood", "zeta"])
    assert cards(anki)["basic00001", 0].did == elsewhere
    assert "swapped001" in notes(anki)
