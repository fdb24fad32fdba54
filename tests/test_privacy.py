"""What one person's private things must never show another, wherever they are quoted."""

import io
import zipfile
from dataclasses import replace

import pytest
from django.test import Client

from accounts.models import User
from cards import deckfile, library
from cards.models import Deck, Document, Note
from quizzes import enrolling
from tests.conftest import DECK, TEXT
from tests.quizzes.pages import next_question, study, words


@pytest.fixture
def bobs_deck(bob: User, document: Document) -> Deck:
    """Bob's public deck, which quotes Alice's document."""
    text = DECK.replace("slug: water", "slug: bobs").replace("aaaaaaaa", "bbbbbbbb")
    return library.load_deck(bob, deckfile.parse(text, "b.md"), visibility="public").deck


def test_a_document_made_private_shows_nothing_new_in_others_decks(
    bobs_deck: Deck, alice: User, bob: User, as_bob: Client
) -> None:
    Document.objects.update(visibility="private")
    secret = TEXT.replace("Vapour rises and cools in the air.", "CONFIDENTIAL.")
    library.ingest(alice, secret.encode(), "w.txt", slug="water-cycle")
    enrolling.enroll(bob, bobs_deck)
    pages = [
        Client().get("/notes/bbbbbbbb01/"),
        Client().get("/decks/bobs/"),
        as_bob.get("/decks/bobs/study/"),
    ]
    for response in pages:
        assert response.status_code == 200
        assert "CONFIDENTIAL" not in response.content.decode()
    assert "<mark>The sun</mark>" in pages[0].content.decode(), "the quote itself is the note's"
    assert study(as_bob).kind == "question", "there is no paragraph to read"
    assert "CONFIDENTIAL" not in next_question(as_bob).text


def test_a_retired_note_is_its_owners_alone(deck: Deck, as_alice: Client, as_bob: Client) -> None:
    library.retire_notes(Note.objects.filter(guid="aaaaaaaa01"))
    assert as_bob.get("/notes/aaaaaaaa01/").status_code == 404
    assert as_alice.get("/notes/aaaaaaaa01/").status_code == 200


@pytest.mark.parametrize("address", ["/notes/%00/", "/notes/%0A/", "/documents/a%20b/", "/q/%00/"])
def test_nonsense_addresses_are_not_found(db: None, address: str) -> None:
    assert Client().get(address).status_code in {302, 404}


def test_a_false_htmx_address_is_no_fault_of_the_server(db: None) -> None:
    headers = {"HX-Request": "true", "HX-Current-URL": "http://["}
    assert Client().get("/settings/", headers=headers).status_code == 200


def test_what_a_person_sees_is_not_kept_by_the_browser(deck: Deck, as_bob: Client) -> None:
    assert "no-store" in as_bob.get("/")["Cache-Control"]
    assert "no-store" not in Client().get("/decks/water/").get("Cache-Control", "")


def test_a_note_of_many_quotes_is_shown(deck: Deck, as_alice: Client) -> None:
    note = deck.notes.get(guid="aaaaaaaa01")
    text = "\n".join(["Title", *(f"Sentence number {n} says something." for n in range(1100))])
    library.ingest(note.owner, text.encode(), "long.txt", slug="long")
    content = library.to_exchange(note)
    more = tuple(
        replace(content.citations[0], document="long", quote=f"Sentence number {n} says", answers=())
        for n in range(1100)
    )
    library.save_note(deck, replace(content, citations=(*content.citations, *more)), note)
    assert as_alice.get("/notes/aaaaaaaa01/").status_code == 200


def test_a_quiz_drawn_from_a_private_deck_below_is_not_for_others(
    deck: Deck, alice: User, as_alice: Client, as_bob: Client
) -> None:
    below = DECK.replace("deck: Nature::Water", "deck: Nature::Water::Secret").replace(
        "slug: water", "slug: secret"
    )
    library.load_deck(alice, deckfile.parse(below.replace("aaaaaaaa", "cccccccc"), "s.md"))
    made = as_alice.post("/quizzes/make/", {"deck": "water"})
    assert as_alice.get(made["Location"]).status_code == 200
    assert as_bob.get(made["Location"]).status_code == 404


def test_a_private_parent_is_named_to_nobody_else(deck: Deck, as_alice: Client, as_bob: Client) -> None:
    parent = deck.parent
    assert parent
    Deck.objects.filter(pk=parent.pk).update(visibility="private", name="Unspeakable")
    for address in (
        "/decks/water/",
        "/decks/",
        "/",
        "/quizzes/",
        "/decks/water/export/",
        "/notes/aaaaaaaa01/",
    ):
        assert "Unspeakable" not in as_bob.get(address).content.decode(), address
    package = b"".join(as_bob.get("/decks/water/export/anki/"))  # type: ignore[arg-type]
    collection = zipfile.ZipFile(io.BytesIO(package)).read("collection.anki2")
    assert b"Water" in collection
    assert b"Unspeakable" not in collection
    assert "Unspeakable" in as_alice.get("/decks/").content.decode()


def test_whoever_studies_an_unlisted_deck_has_its_map(
    deck: Deck, bob: User, as_bob: Client, as_charlie: Client
) -> None:
    Deck.objects.update(visibility="unlisted")
    assert "0 of 9 sentences" in words(as_charlie.get("/documents/water-cycle/").content.decode())
    enrolling.enroll(bob, deck)
    assert "5 of 9 sentences" in words(as_bob.get("/documents/water-cycle/").content.decode())
    asked = as_charlie.get("/documents/water-cycle/?note=aaaaaaaa01").content.decode()
    assert "1 of 9 sentences" in words(asked)
    Deck.objects.update(visibility="private")
    assert "0 of 9 sentences" in words(as_bob.get("/documents/water-cycle/?note=aaaaaaaa01").content.decode())


def test_a_retired_note_still_shows_its_owner_what_it_was(deck: Deck, as_alice: Client) -> None:
    library.retire_notes(Note.objects.filter(guid="aaaaaaaa01"))
    assert "What drives evaporation?" in as_alice.get("/notes/aaaaaaaa01/").content.decode().split("<main")[1]
