"""Today, a deck's page and the reader."""

import pytest
from django.test import Client

from accounts.models import User
from cards import library
from cards.models import Deck, Document
from quizzes import enrolling
from quizzes.models import Enrollment, Schedule

from .pages import answer, next_question, words


def text(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


def test_today_offers_decks_to_a_newcomer_and_study_after(as_bob: Client, deck: Deck) -> None:
    assert "What would you like to know?" in text(as_bob, "/")
    as_bob.post("/enroll/", {"deck": "water"})
    today = words(text(as_bob, "/"))
    assert "5 cards today" in today
    assert "5 new" in today
    assert "Water 0 5" in today


def test_enrolling_in_a_parent_covers_its_children(as_bob: Client, bob: User, deck: Deck) -> None:
    as_bob.post("/enroll/", {"deck": deck.parent.slug})  # type: ignore[union-attr]
    assert Enrollment.objects.filter(learner=bob, deck=deck).exists()
    assert "5 cards left today" in words(text(as_bob, f"/decks/{deck.parent.slug}/"))  # type: ignore[union-attr]
    assert next_question(as_bob, deck.parent.slug).kind == "question"  # type: ignore[union-attr]


def test_a_decks_page_lists_notes_under_their_passages(as_bob: Client, deck: Deck) -> None:
    page = text(as_bob, "/decks/water/")
    seen = words(page)
    assert seen.index("Water evaporates from the sea.") < seen.index("What is the sea's part")
    assert seen.index("What is the sea's part") < seen.index("What drives evaporation?")
    assert "Clouds form when […] condenses on dust." in seen
    assert "Take a quiz" in seen
    assert "Download for Anki" in seen


def test_a_public_deck_is_open_to_everyone_and_links_to_the_reader(deck: Deck) -> None:
    page = text(Client(), "/decks/water/")
    assert "/documents/water-cycle/?note=aaaaaaaa01#p3" in page
    assert text(Client(), "/documents/water-cycle/")
    assert text(Client(), "/notes/aaaaaaaa01/")
    assert "Water" in text(Client(), "/decks/")
    assert "The water cycle" in text(Client(), "/documents/")


def test_private_things_are_not_found_nor_listed(deck: Deck, as_charlie: Client, as_alice: Client) -> None:
    Deck.objects.update(visibility="private")
    Document.objects.update(visibility="private")
    for address in ("/decks/water/", "/documents/water-cycle/", "/notes/aaaaaaaa01/"):
        assert as_charlie.get(address).status_code == 404
        assert as_alice.get(address).status_code == 200
    assert "Water" not in words(text(as_charlie, "/decks/"))
    assert "The water cycle" not in text(as_charlie, "/documents/")


def test_a_decks_reader_sees_excerpts_but_no_link_to_a_private_document(deck: Deck, as_bob: Client) -> None:
    Document.objects.update(visibility="private")
    page = text(as_bob, "/notes/aaaaaaaa01/")
    assert "<mark>The sun</mark>" in page
    assert "/documents/" not in page.split("<main")[1]


@pytest.mark.parametrize(("quality", "standing"), [(4, "young"), (2, "weak")])
def test_the_reader_marks_sentences_by_how_their_cards_stand(
    as_bob: Client, bob: User, deck: Deck, quality: int, standing: str
) -> None:
    enrolling.enroll(bob, deck)
    shown = next_question(as_bob)
    answer(as_bob, shown, 4)
    if quality == 2:
        Schedule.objects.update(repetitions=0)
    page = text(as_bob, "/documents/water-cycle/")
    assert f'<a class="passage {standing}" id="p2"' in page
    assert '<a class="passage new" id="p3"' in page
    assert '<span class="passage" id="p8">' in page, "a sentence without a card is plain"
    assert "5 of 9 sentences have a card" in words(page)


def test_a_permanent_link_marks_the_notes_passage(deck: Deck) -> None:
    page = text(Client(), "/documents/water-cycle/?note=aaaaaaaa05")
    assert page.count(" here") == 1


def test_the_reader_shows_its_repairs(alice: User) -> None:
    long = "This sentence is long enough to be a paragraph of prose that somebody broke in the vulnera"
    raw = f"Title\nThings are vulnerability tests.\n{long}\n\nble middle of a word.\n"
    library.ingest(alice, raw.encode(), "d.txt", slug="d", visibility="public")
    page = text(Client(), "/documents/d/")
    assert "vulnerable middle of a word." in page
    assert "One repair was made to the text as it came" in page


def test_markup_in_a_note_is_shown_and_scripts_are_not(alice: User, deck: Deck) -> None:
    from dataclasses import replace

    note = deck.notes.get(guid="aaaaaaaa01")
    content = replace(library.to_exchange(note), question="Is *this* <0.5 & <script>alert(1)</script>?")
    library.save_note(deck, content, note)
    page = text(Client(), "/notes/aaaaaaaa01/")
    assert "<em>this</em> &lt;0.5 &amp; " in page
    assert "<script>alert" not in page
