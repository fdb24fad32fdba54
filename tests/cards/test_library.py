"""Loading documents and decks through the commands, and what happens to notes that are here already."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db.models import Model

from accounts.models import User
from cards import deckfile, library
from cards.exchange import InputError
from cards.models import Anchor, Card, Citation, Deck, Document, Note, Tag
from tests.conftest import DECK, TEXT

HEADER = "deck: D\nslug: d\nsource: water-cycle\n\n"
GOOD = HEADER + "Q: What drives evaporation?\nA: The sun\n> **The sun** drives evaporation.\nid: n1\n"


@pytest.fixture
def load(tmp_path: Path, alice: User, capsys: pytest.CaptureFixture[str]) -> Any:
    """Write a deck file and load it with the command; returns what it printed."""

    def load(text: str | bytes, *flags: str) -> str:
        path = tmp_path / "deck.md"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        call_command("load_deck", str(path), "--owner", "alice", *flags)
        return capsys.readouterr().out

    return load


def rows(*models: type[Model]) -> list[int]:
    return [model._default_manager.count() for model in models]


# --- Good input ----------------------------------------------------------------------------------


def test_a_deck_file_becomes_notes_cards_citations_and_tags(document: Document, load: Any) -> None:
    assert load(DECK) == "Water: 5 created\n"
    assert rows(Note, Card, Citation, Anchor) == [5, 7, 5, 5]
    deck = Deck.objects.get(slug="water")
    assert (deck.name, deck.parent and deck.parent.name, deck.visibility) == ("Water", "Nature", "private")
    sun = Note.objects.get(guid="aaaaaaaa01")
    assert sorted(sun.tags.values_list("name", flat=True)) == ["sun", "water"]
    anchor = Anchor.objects.get(citation__note=sun)
    assert document.current
    assert document.current.text[anchor.start : anchor.end] == "The sun drives evaporation."
    assert (anchor.status, anchor.first, anchor.last) == ("exact", 2, 2)
    assert anchor.citation.answers == [[0, 7]]


def test_cards_stand_in_document_order(deck: Deck) -> None:
    guids = Card.objects.filter(deck=deck).order_by("position").values_list("note__guid", "ordinal")
    assert [f"{guid[-1]}.{ordinal}" for guid, ordinal in guids] == [
        "2.0",
        "2.1",
        "1.0",
        "3.0",
        "3.1",
        "4.0",
        "5.0",
    ]


def test_loading_twice_changes_nothing(document: Document, load: Any) -> None:
    load(DECK)
    before = list(Note.objects.order_by("pk").values())
    assert load(DECK) == "Water: unchanged\n"
    assert list(Note.objects.order_by("pk").values()) == before


def test_quotes_are_stored_in_the_documents_own_words(document: Document, load: Any) -> None:
    load(GOOD.replace("> **The sun** drives evaporation.", "> **the  SUN** drives evaporation"))
    citation = Citation.objects.get()
    assert citation.quote == "The sun drives evaporation"
    assert citation.quote[slice(*citation.answers[0])] == "The sun"


def test_an_updated_file_updates_by_id_and_keeps_cards(document: Document, load: Any) -> None:
    load(GOOD)
    card, note = Card.objects.get(), Note.objects.get()
    assert load(GOOD.replace("A: The sun", "A: Sunlight")) == "D: 1 updated\n"
    note_now = Note.objects.get()
    assert (note_now.answer, note_now.pk, note_now.guid) == ("Sunlight", note.pk, "n1")
    assert note_now.content_at > note.content_at
    assert Card.objects.get().pk == card.pk


def test_an_edit_in_the_app_stays_and_is_reported(document: Document, load: Any) -> None:
    load(GOOD)
    note = Note.objects.get()
    library.save_note(note.deck, replace(library.to_exchange(note), answer="Edited here"), note)
    assert load(GOOD) == "D: unchanged\n", "the file has nothing new to say"
    said = load(GOOD.replace("A: The sun", "A: Sunlight"))
    assert "1 conflict" in said
    assert "n1: edited in the app and in the file" in said
    assert Note.objects.get().answer == "Edited here"
    assert load(GOOD.replace("A: The sun", "A: Edited here")) == "D: 1 updated\n"
    assert load(GOOD.replace("A: The sun", "A: And on")) == "D: 1 updated\n", "the conflict has ended"


def test_notes_gone_from_the_file_stay_unless_asked(document: Document, load: Any) -> None:
    load(DECK)
    assert load(
        HEADER.replace("slug: d", "slug: water").replace("deck: D", "deck: Nature::Water")
        + GOOD[len(HEADER) :]
    )
    assert Note.objects.filter(retired_at=None).count() == 6
    said = load(
        GOOD.replace("slug: d", "slug: water").replace("deck: D", "deck: Nature::Water"), "--retire-missing"
    )
    assert "5 retired" in said
    assert rows(Note, Card) == [6, 8]
    assert Card.objects.filter(retired_at=None).count() == 1
    assert "5 updated" in load(DECK), "what comes back is revived"
    assert Card.objects.filter(retired_at=None).count() == 8


def test_a_cloze_number_that_returns_revives_its_card(deck: Deck) -> None:
    note = Note.objects.get(kind="cloze")
    cards = dict(note.cards.values_list("ordinal", "pk"))
    content = library.to_exchange(note)
    library.save_note(deck, replace(content, question="Clouds form on {{c2::dust}}."), note)
    assert list(note.cards.filter(retired_at=None).values_list("ordinal", flat=True)) == [1]
    library.save_note(
        deck, replace(content, question="{{c3::Clouds}} form when {{c1::vapour}} condenses."), note
    )
    live = note.cards.filter(retired_at=None).order_by("ordinal")
    assert list(live.values_list("ordinal", flat=True)) == [0, 2]
    assert live[0].pk == cards[0]


def test_renaming_a_deck_in_the_file_keeps_its_slug(document: Document, load: Any) -> None:
    load(GOOD)
    load(GOOD.replace("deck: D", "deck: Science::E"))
    deck = Deck.objects.get(slug="d")
    assert (deck.name, deck.parent and deck.parent.name) == ("E", "Science")


def test_assign_ids_writes_them_into_the_file(document: Document, load: Any, tmp_path: Path) -> None:
    load(GOOD.replace("id: n1\n", ""), "--assign-ids")
    written = (tmp_path / "deck.md").read_text()
    assert f"id: {Note.objects.get().guid}" in written
    assert load(written) == "D: unchanged\n"


def test_at_names_the_passage_where_a_quote_stands_twice(alice: User, load: Any) -> None:
    library.ingest(alice, b"Title\nIt rains. Nobody minds. It rains.\n", "t.txt", slug="water-cycle")
    text = HEADER + "Q: What now?\nA: It rains\nat: 4\n> It **rains**.\nid: n1\n"
    load(text)
    assert Anchor.objects.get().first == 3
    assert load(text) == "D: unchanged\n"
    assert load(text.replace("at: 4", "at: 2")) == "D: 1 updated\n"
    assert Anchor.objects.get().first == 1


# --- Bad input -----------------------------------------------------------------------------------

BAD: dict[str, tuple[Any, int, str, str]] = {
    "a quote not in its document": (
        GOOD.replace("drives", "prevents"),
        7,
        "is not in “water-cycle”",
        "The nearest passage is 3: “The sun drives evaporation.”",
    ),
    "a quote that stands twice": (
        GOOD.replace("> **The sun** drives evaporation.", "> **the sea**"),
        7,
        "stands 2 times",
        "it stands in passages 2, 7",
    ),
    "a quote inside a word": (
        GOOD.replace("> **The sun** drives evaporation.", "> apour **rises**"),
        7,
        "is not in",
        "nearest passage",
    ),
    "an unknown key": (GOOD + "colour: red\n", 9, "colour", ""),
    "a cloze with no deletion": (
        HEADER + "C: Clouds form.\n> Clouds form when\nid: n1\n",
        5,
        "hides nothing",
        "{{c1::answer}}",
    ),
    "a broken cloze": (HEADER + "C: {{c1::Clouds form.\n> Clouds form when\nid: n1\n", 5, "", "}}"),
    "a duplicate id": (GOOD + "\nQ: Again?\nA: No\nid: n1\n", 12, "n1", ""),
    "no id": (GOOD.replace("id: n1\n", ""), 5, "has no id", "--assign-ids"),
    "no such document": (
        GOOD.replace("source: water-cycle", "source: fire"),
        7,
        "no document “fire”",
        "Load the document first",
    ),
    "at names another passage": (
        GOOD.replace("> **the", "at: 2\n> **the").replace(
            "> **The sun** drives evaporation.", "at: 2\n> **the sea** by"
        ),
        8,
        "is not in",
        "",
    ),
    "bytes that are no text": (b"\xff\xfe\x00deck", 0, "not UTF-8", "Save the file as UTF-8"),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_input_stops_the_file_and_stores_nothing(
    name: str, document: Document, load: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    text, line, what, mend = BAD[name]
    with pytest.raises(CommandError, match="nothing of them is stored"):
        load(text)
    said = capsys.readouterr().err
    assert "deck.md" in said
    assert not line or f"deck.md:{line}: " in said
    assert what in said
    assert mend in said
    assert rows(Deck, Note, Card, Citation, Tag) == [0, 0, 0, 0, 0]


def test_one_bad_note_keeps_the_good_ones_out(document: Document, load: Any) -> None:
    with pytest.raises(CommandError):
        load(DECK + "\nQ: Where?\nA: Here\n> nowhere at all\nid: zzz\n")
    assert rows(Deck, Note) == [0, 0]


def test_every_fault_of_a_file_is_named_at_once(
    document: Document, load: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(CommandError):
        load(GOOD.replace("drives", "prevents") + "\nQ: Where?\nA: Here\n> nowhere at all\nid: zzz\n")
    said = capsys.readouterr().err
    assert "deck.md:7:" in said
    assert "deck.md:12:" in said


def test_another_owners_slug_is_refused(deck: Deck, bob: User) -> None:
    with pytest.raises(InputError, match="belongs to another deck"):
        library.load_deck(bob, deckfile.parse(DECK, "x.md"))


def test_a_private_document_of_another_cannot_be_cited(bob: User, document: Document) -> None:
    Document.objects.update(visibility="private")
    with pytest.raises(InputError, match="no document"):
        library.load_deck(bob, deckfile.parse(GOOD, "x.md"))


@pytest.mark.parametrize("raw", [b"%PDF-1.7 \x00\x01", b"caf\xe9", b"one\x00two", b"", b"  \n\n"])
def test_a_document_that_is_no_text_is_refused(raw: bytes, alice: User, tmp_path: Path) -> None:
    path = tmp_path / "d.txt"
    path.write_bytes(raw)
    with pytest.raises(CommandError, match=r"d\.txt"):
        call_command("ingest", str(path), "--owner", "alice")
    assert not Document.objects.exists()


def test_missing_files_and_owners_are_named(
    alice: User, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(CommandError, match="Known: alice"):
        call_command("load_deck", "x.md", "--owner", "nobody")
    with pytest.raises(CommandError):
        call_command("load_deck", str(tmp_path / "none.md"), "--owner", "alice")
    assert "none.md: cannot be read" in capsys.readouterr().err


# --- New versions ---------------------------------------------------------------------------------


def test_a_new_version_carries_citations_over(deck: Deck, alice: User, document: Document) -> None:
    changed = TEXT.replace("The water cycle\n", "The water cycle\nAll water moves.\n")
    changed = changed.replace("condenses on dust.", "condenses on fine dust.")
    changed = changed.replace(" Rivers carry the rain to the sea.", "")
    assert library.ingest(alice, changed.encode(), "water.txt", slug="water-cycle")[1] == "updated"
    document.refresh_from_db()
    now = {a.citation.note.guid[-1]: a.status for a in Anchor.objects.filter(version=document.current)}
    assert now == {"1": "moved", "2": "moved", "3": "changed", "4": "missing", "5": "moved"}
    sun = Anchor.objects.get(version=document.current, citation__note__guid="aaaaaaaa01")
    assert document.current
    assert document.current.text[sun.start : sun.end] == "The sun drives evaporation."
    assert rows(Citation) == [5], "citations are immutable"


def test_going_back_to_the_old_bytes_finds_the_old_anchors(
    deck: Deck, alice: User, document: Document
) -> None:
    first = document.current
    library.ingest(alice, b"Title\nNothing left.\n", "water.txt", slug="water-cycle")
    library.ingest(alice, TEXT.encode(), "water.txt", slug="water-cycle")
    document.refresh_from_db()
    assert document.current == first
    assert set(Anchor.objects.filter(version=first).values_list("status", flat=True)) == {"exact"}


# --- The shipped library ---------------------------------------------------------------------------


def test_the_library_loads_and_is_whole(alice: User, settings: Any) -> None:
    lines = library.load_library(alice, settings.FIXTURES_DIR)
    assert len(lines) == 6
    assert library.load_library(alice, settings.FIXTURES_DIR) == []
    for deck in Deck.objects.filter(notes__isnull=False).distinct():
        notes = Note.objects.filter(deck=deck)
        assert notes.count() >= 15
        assert set(notes.values_list("kind", flat=True)) == {"basic", "reversed", "cloze", "choice"}
        assert not notes.filter(citations=None).exists()
    assert set(Anchor.objects.values_list("status", flat=True)) == {"exact"}


def test_the_broken_word_is_repaired_and_the_repair_recorded(alice: User, settings: Any) -> None:
    library.load_library(alice, settings.FIXTURES_DIR)
    version = Document.objects.get(slug="aplastic-anemia-disease-mechanism").current
    assert version
    assert "making stem cells more vulnerable to damage." in version.text
    assert "vulnera\n\nble" in bytes(version.raw).decode()
    assert [repair["before"].count("\n") for repair in version.repairs] == [2, 10]


def test_a_note_keeps_its_kind_for_life(
    document: Document, load: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    load(GOOD)
    with pytest.raises(CommandError):
        load(GOOD.replace("A: The sun", "A: The sun\nR: What does the sun do?\nRA: It drives evaporation"))
    assert "n1 was basic and is reversed now" in capsys.readouterr().err
    note = Note.objects.get()
    other = library.save_note(note.deck, replace(library.to_exchange(note), kind="reversed"), note)
    note.refresh_from_db()
    assert note.retired_at
    assert (other.kind, other.guid != note.guid, other.cards.count()) == ("reversed", True, 2)


def test_what_was_retired_in_the_app_stays_retired(document: Document, load: Any) -> None:
    load(GOOD)
    library.retire_notes(Note.objects.all())
    assert load(GOOD) == "D: unchanged\n"
    assert "1 conflict" in load(GOOD.replace("A: The sun", "A: Sunlight"))
    assert Note.objects.get().retired_at


def test_a_note_whose_quote_is_gone_can_still_be_edited(deck: Deck, alice: User) -> None:
    library.ingest(
        alice, TEXT.replace(" The sun drives evaporation.", "").encode(), "w.txt", slug="water-cycle"
    )
    note = Note.objects.get(guid="aaaaaaaa01")
    before = list(note.citations.values())
    library.save_note(deck, replace(library.to_exchange(note), tags=("star",)), note)
    assert list(note.tags.values_list("name", flat=True)) == ["star"]
    assert list(note.citations.values()) == before


@pytest.mark.parametrize("slug", ["my file", "ü", "a/b", "x" * 121])
def test_a_slug_that_cannot_stand_in_an_address_is_refused(alice: User, slug: str) -> None:
    with pytest.raises(InputError, match="cannot stand in an address"):
        library.ingest(alice, TEXT.encode(), "w.txt", slug=slug)


def test_a_file_name_with_blanks_makes_a_plain_slug(alice: User, tmp_path: Path) -> None:
    path = tmp_path / "My file.v2.txt"
    path.write_text(TEXT)
    call_command("ingest", str(path), "--owner", "alice")
    assert Document.objects.get().slug == "my-filev2"


def test_decks_nest_so_deep_and_no_deeper(document: Document, load: Any) -> None:
    with pytest.raises(CommandError):
        load(GOOD.replace("deck: D", "deck: " + "::".join("D" * 21)))
    load(GOOD.replace("deck: D", "deck: " + "::".join("D" * 20)))
