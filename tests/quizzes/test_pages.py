"""Today, a deck's page and the reader."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.test import Client

from accounts.models import User
from cards import library
from cards.models import Deck, Document, Tag
from quizzes import enrolling, standing
from quizzes.models import Enrollment, Review, Schedule

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
    spoken = {"young": "still young", "weak": "failed or overdue"}[standing]
    assert f"Water evaporates from the sea. ({spoken})" in words(page)
    assert '<a class="passage new" id="p3"' in page
    assert '<span class="passage" id="p8">' in page, "a sentence without a card is plain"
    assert "5 of 9 sentences have a card" in words(page)


def test_a_permanent_link_marks_the_notes_passage(deck: Deck) -> None:
    page = text(Client(), "/documents/water-cycle/?note=aaaaaaaa05")
    assert page.count('class="passage new here"') == 1
    assert page.count('class="note new here"') == 1
    assert "feeds <mark>the rivers</mark> in spring" in page
    assert page.count("<mark>") == 1, "other sentences are plain"
    assert 'href="#p10"' in page, "without JavaScript a link leads there"
    assert page.count("data-arrive") == 1


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


DAY = date(2026, 3, 2)


@pytest.mark.parametrize(
    ("repetitions", "interval", "days", "name", "words_of_it"),
    [
        (0, 1, 1, "weak", "failed last time · due 3 Mar"),
        (2, 6, -1, "weak", "every 6 days · due now"),
        (2, 6, 0, "young", "every 6 days · due now"),
        (4, 38, 0, "mature", "every 38 days · due now"),
        (4, 38, 5, "mature", "every 38 days · due 7 Mar"),
    ],
)
def test_how_a_card_stands(
    as_bob: Client, bob: User, deck: Deck, monkeypatch: pytest.MonkeyPatch,
    repetitions: int, interval: int, days: int, name: str, words_of_it: str,
) -> None:  # fmt: skip
    monkeypatch.setattr("django.utils.timezone.now", lambda: datetime(2026, 3, 2, 12, tzinfo=UTC))
    enrolling.enroll(bob, deck)
    sun = deck.cards.get(note__guid="aaaaaaaa01")
    Schedule.objects.create(
        learner=bob, card=sun, deck=deck, repetitions=repetitions, interval=interval, easiness=250,
        due=DAY + timedelta(days=days), graded_on=DAY,
    )  # fmt: skip
    assert standing.standing(Schedule.objects.get(), DAY) == name
    assert f'<rect class="{name}"' in text(as_bob, "/"), "the bar says the same"
    assert words_of_it in words(text(as_bob, "/decks/water/"))
    reader = words(text(as_bob, "/documents/water-cycle/"))
    assert words_of_it in reader
    assert ("The sun drives evaporation. (due now)" in reader) == (days == 0)


def test_a_paragraph_lists_each_of_its_notes_once(as_bob: Client, deck: Deck) -> None:
    page = text(as_bob, "/documents/water-cycle/")
    assert page.count('<ul aria-label="Cards of this paragraph">') == 3
    assert "<aside" not in page
    assert page.count('<li class="note') == 5
    long = "What is the sea's part in the water cycle?"
    assert words(page).count(long) == 1, "titles are whole; the stylesheet cuts them"


def test_a_cloze_note_is_shown_once_with_its_blanks_marked(deck: Deck) -> None:
    page = text(Client(), "/notes/aaaaaaaa03/")
    assert page.count('<section class="card">') == 1
    assert '<mark class="filled">vapour</mark> condenses on <mark class="filled">dust</mark>' in page
    assert 'class="answer"' not in page
    assert "<mark>vapour</mark>" in page
    assert "<mark>dust</mark>" in page, "its passage marks every answer"


def test_a_source_is_named_and_linked_without_a_number(deck: Deck) -> None:
    page = words(text(Client(), "/notes/aaaaaaaa01/"))
    assert "The water cycle · Read in place" in page
    assert "passage" not in page


def test_tags_that_every_note_has_are_left_out(deck: Deck) -> None:
    page = text(Client(), "/decks/water/")
    assert page.count('class="tag"') == 1
    assert '<span class="tag">sun</span>' in page
    deck.notes.get(guid="aaaaaaaa02").tags.remove(Tag.objects.get(name="water"))
    assert text(Client(), "/decks/water/").count('<span class="tag">water</span>') == 4


def test_a_deck_done_for_today_says_so(as_bob: Client, bob: User, deck: Deck) -> None:
    enrolling.enroll(bob, deck)
    assert '<a class="button primary" href="/decks/water/study/"' in text(as_bob, "/decks/water/")
    Enrollment.objects.update(new_per_day=0)
    page = text(as_bob, "/decks/water/")
    assert '<a class="button" href="/decks/water/study/">Done for today</a>' in page


def test_decks_are_named_with_their_parent(as_bob: Client, bob: User, deck: Deck) -> None:
    assert "Nature · Water" in words(text(as_bob, "/")), "to choose from"
    enrolling.enroll(bob, deck)
    for address in ("/", "/decks/water/study/", "/notes/aaaaaaaa01/"):
        assert "Nature · Water" in words(text(as_bob, address)), address


def test_a_private_parent_is_not_named(as_bob: Client, deck: Deck) -> None:
    Deck.objects.filter(slug="nature").update(visibility="private")
    for address in ("/", "/decks/", "/decks/water/", "/notes/aaaaaaaa01/"):
        assert "Nature" not in words(text(as_bob, address)), address


def test_the_pace_is_named_once_it_is_known(as_bob: Client, bob: User, deck: Deck) -> None:
    enrolling.enroll(bob, deck)
    assert "About a minute: 5 new." in words(text(as_bob, "/"))
    card = deck.cards.earliest("pk")
    Review.objects.bulk_create(
        Review(learner=bob, card=card, kind="review", quality=4, day=DAY, at=datetime(2026, 3, 2, tzinfo=UTC),
               duration=60_000, undone_at=None)
        for _ in range(20)
    )  # fmt: skip
    assert "minutes at your pace: 5 new." in words(text(as_bob, "/"))


def test_what_is_planned_is_said_when_something_is(
    as_bob: Client, bob: User, deck: Deck, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("django.utils.timezone.now", lambda: datetime(2026, 3, 2, 12, tzinfo=UTC))
    enrolling.enroll(bob, deck)
    assert "Already planned" not in text(as_bob, "/")
    answer(as_bob, next_question(as_bob), 4)
    assert "Already planned: tomorrow 1 · Wednesday 0 · Thursday 0" in words(text(as_bob, "/"))


def test_after_midnight_the_day_before_says_until_when(
    as_bob: Client, bob: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    User.objects.update(time_zone="Asia/Tokyo")
    monkeypatch.setattr("django.utils.timezone.now", lambda: datetime(2026, 3, 1, 17, 40, tzinfo=UTC))
    assert "Sunday 1 March · until 4:00" in words(text(as_bob, "/"))
    monkeypatch.setattr("django.utils.timezone.now", lambda: datetime(2026, 3, 1, 19, 0, tzinfo=UTC))
    assert "Monday 2 March" in words(text(as_bob, "/"))
    assert "until" not in words(text(as_bob, "/"))


def test_the_settings_are_called_so(as_bob: Client, bob: User) -> None:
    assert '<a href="/settings/">Settings</a>' in text(as_bob, "/")
