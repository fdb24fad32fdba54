"""Notes in the admin panel: edited, cited, refused, added."""

from typing import Any

import pytest
from django.test import Client
from django.utils.html import escape

from accounts.models import User
from cards import exchange, library
from cards.models import Card, Citation, Deck, Document, Note
from quizzes.models import Review, Schedule
from tests.cards.admin_pages import edit, errors, fields

from .admin_steps import (
    CHOICE,
    CLOZE,
    REVERSED,
    SUN,
    edit_note,
    live_ordinals,
    new_note,
    note,
    page,
    studied,
    untouched,
)

# Editing notes


def test_an_edited_text_keeps_the_card_and_its_schedule(as_root: Client, bob: User, deck: Deck) -> None:
    card = Card.objects.get(note__guid=SUN)
    before = studied(card, bob)
    citation, changed = note(SUN).citations.get(), note(SUN).content_at
    response = edit_note(as_root, SUN, question="Which star drives evaporation?", explanation="One\r\nTwo")
    assert response.status_code == 302
    row = note(SUN)
    assert (row.question, row.explanation) == ("Which star drives evaporation?", "One\nTwo")
    assert row.content_at > changed
    assert row.cards.get() == card
    assert row.citations.get() == citation, "an unchanged citation stays"
    assert Schedule.objects.filter(card=card).values().get() == before
    assert Review.objects.count() == 1


@pytest.mark.parametrize("number", range(1, 6))
def test_saving_a_note_as_it_is_changes_nothing(as_root: Client, deck: Deck, number: int) -> None:
    guid = f"aaaaaaaa0{number}"
    before = untouched(guid)
    assert edit_note(as_root, guid).status_code == 302
    assert untouched(guid) == before


def test_what_deck_files_can_say_comes_back_from_the_form_as_it_was(as_root: Client, deck: Deck) -> None:
    content = exchange.Note(
        kind="choice",
        question="Which *fall*?\n\n- rain\n- snow",
        options=(
            exchange.Option("Rain\nE: not a key", True, "From **clouds**.\n\n    code"),
            exchange.Option("> Snow", True),
            exchange.Option("Sun"),
        ),
        multi=True,
        accept=("rain", "rain\nand snow"),
        use="quiz",
        tags=("a", "b::c"),
        waivers=("F6 because\nit is so", "F7 because"),
        citations=(
            exchange.Citation("water-cycle", "Rain falls from heavy clouds", ((0, 4), (16, 28))),
            exchange.Citation("water-cycle", "the rivers", ((4, 10),)),
        ),
    )
    row = library.save_note(deck, content)
    before = untouched(row.guid)
    assert before[0].options == content.options
    assert edit_note(as_root, row.guid).status_code == 302
    assert untouched(row.guid) == before


def test_a_clozes_cards_follow_its_numbers(as_root: Client, bob: User, deck: Deck) -> None:
    first, second = Card.objects.filter(note__guid=CLOZE).order_by("ordinal")
    before = studied(first, bob)

    edit_note(as_root, CLOZE, question="{{c3::Clouds}} form when vapour condenses on {{c2::dust}}.")
    assert live_ordinals(CLOZE) == [1, 2]
    first.refresh_from_db()
    assert first.retired_at
    assert not Schedule.objects.get(card=first).active

    edit_note(as_root, CLOZE, question="Clouds form when {{c1::vapour}} condenses on {{c2::dust}}.")
    assert live_ordinals(CLOZE) == [0, 1]
    assert list(Card.objects.filter(note__guid=CLOZE).order_by("ordinal")[:2]) == [first, second]
    assert Schedule.objects.filter(card=first).values().get() == before


def test_a_note_that_changes_kind_is_a_new_note(as_root: Client, bob: User, deck: Deck) -> None:
    old = note(SUN)
    studied(old.cards.get(), bob)
    response = edit_note(as_root, SUN, kind="reversed")
    new = Note.objects.get(question=old.question, kind="reversed")
    assert response["Location"] == page(new)
    assert (new.guid != SUN, len(live_ordinals(new.guid))) == (True, 2)
    old.refresh_from_db()
    assert (old.kind, bool(old.retired_at), live_ordinals(SUN)) == ("basic", True, [])
    assert Review.objects.get().card.note == old


def test_a_note_moves_to_another_deck_with_its_schedules(as_root: Client, bob: User, deck: Deck) -> None:
    studied(Card.objects.get(note__guid=SUN), bob)
    other = Deck.objects.create(name="Other", slug="other", owner=deck.owner)
    assert edit_note(as_root, SUN, deck=other.pk).status_code == 302
    assert Card.objects.get(note__guid=SUN).deck == other
    assert Schedule.objects.get().deck == other


def test_tags_are_words(as_root: Client, deck: Deck) -> None:
    edit_note(as_root, SUN, tag_words=" sun  star,light sun")
    assert [tag.name for tag in note(SUN).tags.all()] == ["light", "star", "sun"]
    assert errors(edit_note(as_root, SUN, tag_words="x" * 121)) == [
        f"The tag “{'x' * 20}…” is too long. Shorten it to 120 letters at most."
    ]


# Citations


def test_a_changed_quote_is_a_new_citation(as_root: Client, deck: Deck) -> None:
    old = note(SUN).citations.get()
    edit_note(as_root, SUN, **{"citations-0-marked_quote": "the **SUN** drives"})
    citation = note(SUN).citations.get()
    assert citation.pk != old.pk
    assert (citation.quote, citation.answers) == ("The sun drives", [[4, 7]]), "in the document's own words"
    assert citation.anchors.get().first == 2


def second_citation(document: Document, quote: str, at: str = "") -> dict[str, Any]:
    """A row added below the first one."""
    row = {"id": "", "document": document.pk, "marked_quote": quote, "at": at}
    return {"citations-TOTAL_FORMS": 2, **{f"citations-1-{name}": value for name, value in row.items()}}


def test_citations_are_added_and_taken_away(as_root: Client, deck: Deck, document: Document) -> None:
    added = second_citation(document, "Vapour rises and **cools** in the air")
    assert edit_note(as_root, SUN, **added).status_code == 302
    assert [row.quote for row in note(SUN).citations.all()][1] == "Vapour rises and cools in the air"
    assert edit_note(as_root, SUN, **{"citations-0-DELETE": "on"}).status_code == 302
    assert note(SUN).citations.get().quote == "Vapour rises and cools in the air"


@pytest.mark.parametrize(
    ("quote", "error"),
    [
        (
            "The moon drives evaporation",
            "The quote “The moon drives evaporation” is not in “water-cycle”. "
            "Copy the words from the document. The nearest passage is 3: “The sun drives evaporation.”",
        ),
        (
            "vapour",
            "The quote “vapour” stands 3 times in “water-cycle”. Quote more of the sentence, or put `at: N` "
            "before it; it stands in passages 4, 5, 8.",
        ),
        (
            "The **sun",
            "A ** in the quote is never closed. "
            r"Close the answering words with a second **, or write \*\* for asterisks.",
        ),
        ("", "This field is required."),
    ],
)  # fmt: skip
def test_a_bad_quote_is_said_in_its_row_and_nothing_is_written(
    as_root: Client, deck: Deck, document: Document, quote: str, error: str
) -> None:
    before = untouched(SUN)
    response = edit_note(as_root, SUN, question="Edited", **second_citation(document, quote))
    assert response.status_code == 200
    assert errors(response) == [error]
    assert response.content.decode().count(escape(error)) == 1
    assert untouched(SUN) == before
    typed = fields(response, "note_form")
    assert (typed["question"], typed["citations-1-marked_quote"]) == ("Edited", quote)


def test_the_passages_number_settles_which_of_several(
    as_root: Client, deck: Deck, document: Document
) -> None:
    added = second_citation(document, "vapour", at="5")
    assert edit_note(as_root, SUN, **added).status_code == 302
    assert note(SUN).citations.get(order=1).anchors.get().first == 4
    wrong = second_citation(document, "dust", at="0")
    assert errors(edit_note(as_root, CLOZE, **wrong)) == ["Ensure this value is greater than or equal to 1."]


def test_the_same_place_is_cited_once(as_root: Client, deck: Deck, document: Document) -> None:
    response = edit_note(as_root, SUN, **second_citation(document, "the sun drives evaporation."))
    assert errors(response) == ["This quote stands in a row above too. Delete one of them."]


def test_anothers_private_document_cannot_be_quoted(as_root: Client, bob: User, deck: Deck) -> None:
    private, _ = library.ingest(bob, b"A secret of Bob's.", "secret.txt", slug="secret")
    response = edit_note(as_root, SUN, **second_citation(private, "A secret"))
    assert errors(response) == [
        "The owner of the deck may not quote this document: it is retired, or not public."
    ]
    assert not Citation.objects.filter(document=private)


def test_a_row_that_was_changed_meanwhile_is_no_crash(as_root: Client, deck: Deck) -> None:
    url = page(note(SUN))
    stale = fields(as_root.get(url), "note_form")
    edit_note(as_root, SUN, **{"citations-0-marked_quote": "drives evaporation"})
    response = as_root.post(url, stale)
    assert "This citation was changed meanwhile. Open the note again to see it." in errors(response)
    assert note(SUN).citations.get().quote == "drives evaporation"


# Errors in the form


@pytest.mark.parametrize(
    ("guid", "changes", "field", "error"),
    [
        (SUN, {"answer": ""}, "answer", "The question has no answer. Write one, or choose another kind."),
        (SUN, {"question": ""}, "question", "This field is required."),
        (SUN, {"question": "a\0b"}, "question", "Null characters are not allowed."),
        (SUN, {"options_text": "- [x] a\n- [ ] b"}, "options_text", "A note of this kind has none."),
        (SUN, {"deck": "999999"}, "deck", "Select a valid choice."),
        (SUN, {"kind": "rendered"}, "kind", "Select a valid choice."),
        (SUN, {"kind": "cloze", "answer": ""}, "question", "The cloze text hides nothing."),
        (REVERSED, {"reverse_answer": ""}, "reverse_answer", "Give both sides"),
        (CLOZE, {"question": "Clouds {{c1::form"}, "question", "“{{c1::form” is not closed."),
        (CLOZE, {"question": "Clouds {{c0::form}}"}, "question", "c0 is not a card number."),
        (CLOZE, {"question": ""}, "question", "This field is required."),
        (CHOICE, {"options_text": "- [ ] Rivers\n- [ ] Winds"}, "options_text", "No option is marked right."),
        (CHOICE, {"options_text": "- [x] Rivers"}, "options_text", "Offer two options at least."),
        (CHOICE, {"options_text": "- [x] a\n- [x] b"}, "options_text", "Several options are marked right."),
        (CHOICE, {"options_text": "- [x] a\n- [ ] "}, "options_text", "Line 2: The option has no words."),
        (CHOICE, {"options_text": "Rivers\n- [x] a\n- [ ] b"}, "options_text", "Line 1: This is not"),
        (CHOICE, {"options_text": "- [x] a\n- [] b"}, "options_text", "Line 2: “- [] b” looks like"),
        (CHOICE, {"options_text": "- [x] a\nE: b"}, "options_text", "Line 2: This is not an option."),
        (CHOICE, {"options_text": ""}, "options_text", "Offer two options at least."),
    ],
)  # fmt: skip
def test_a_misshapen_note_is_refused_beside_its_field(
    as_root: Client, deck: Deck, guid: str, changes: dict[str, str], field: str, error: str
) -> None:
    before = untouched(guid)
    response = edit_note(as_root, guid, **changes)
    assert response.status_code == 200
    assert str(response.context["adminform"].errors[field][0]).startswith(error)
    assert errors(response)
    assert untouched(guid) == before


def test_a_note_cannot_move_to_a_person_who_has_it_already(as_root: Client, bob: User, deck: Deck) -> None:
    theirs = Deck.objects.create(name="Bob's", slug="bobs", owner=bob)
    library.save_note(theirs, exchange.Note("basic", "q", "a", guid=SUN))
    response = edit(as_root, page(Note.objects.get(guid=SUN, owner=deck.owner)), "note_form", deck=theirs.pk)
    assert "already has this note" in errors(response)[0]


# Adding, and what the page shows


def test_a_note_is_added_with_its_citation(as_root: Client, deck: Deck, document: Document) -> None:
    cited = {"citations-TOTAL_FORMS": 1, "citations-0-document": document.pk, "citations-0-at": "",
             "citations-0-marked_quote": "**Snow** is frozen water vapour"}  # fmt: skip
    response = new_note(
        as_root, deck=deck.pk, question="What is frozen vapour?", answer="Snow", use="both", **cited
    )
    assert response.status_code == 302
    row = Note.objects.get(question="What is frozen vapour?")
    assert (row.owner, len(row.guid), row.citations.get().quote) == (
        deck.owner, 10, "Snow is frozen water vapour",
    )  # fmt: skip
    assert live_ordinals(row.guid) == [0]
    assert row.cards.get().position > 0, "placed in document order"


def test_a_choice_is_added_from_text(as_root: Client, deck: Deck) -> None:
    text = "- [x] *Vapour*\r\n      It rises.\r\n- [ ] Dust\r\n"
    response = new_note(
        as_root, deck=deck.pk, kind="choice", question="What rises?", options_text=text, use="both",
        accept_lines="steam\r\n\r\nwater vapour ", waiver_lines="F6 because it is so",
    )  # fmt: skip
    assert response.status_code == 302
    row = Note.objects.get(question="What rises?")
    assert row.options == [
        {"text": "*Vapour*", "right": True, "reason": "It rises."},
        {"text": "Dust", "right": False, "reason": ""},
    ]
    assert (row.accept, row.waivers) == (["steam", "water vapour"], ["F6 because it is so"])


def test_adding_nothing_says_what_is_missing(as_root: Client, deck: Deck) -> None:
    response = new_note(as_root)
    assert response.status_code == 200
    assert {"deck", "question", "answer"} <= set(response.context["adminform"].errors)
    assert Note.objects.count() == 5


def test_the_page_previews_every_card_with_its_passage(as_root: Client, deck: Deck) -> None:
    edit_note(as_root, CLOZE, question="Clouds form when {{c1::vapour}} condenses on {{c3::dust::tiny}}.")
    html = as_root.get(page(note(CLOZE))).content.decode()
    assert '<span class="blank">' in html
    assert '</span>tiny<span aria-hidden="true">]</span>' in html
    assert '<div class="answer">vapour</div>' in html
    assert html.count('class="face"') == 2
    assert html.count('class="face retired"') == 1
    assert "<mark>dust</mark>" in html, "the passage, its answering words marked"
    assert "[{" not in html and "&quot;text&quot;" not in html, "JSON is never shown"  # noqa: PT018
    assert "style=" not in html


def test_the_preview_survives_a_broken_cloze(as_root: Client, deck: Deck) -> None:
    response = edit_note(as_root, CLOZE, question="{{c1::")
    assert '<div class="answer">vapour</div>' in response.content.decode()


def test_a_foreign_note_is_shown_and_not_edited(as_root: Client, deck: Deck) -> None:
    sides = [{"ordinal": 0, "front": "<b>Front</b>", "back": "Back"}]
    row = Note.objects.create(
        owner=deck.owner, deck=deck, guid="f", kind="rendered", foreign={"sides": sides}
    )
    Card.objects.create(note=row, deck=deck, ordinal=0)
    response = as_root.get(page(row))
    assert "<b>Front</b>" in response.content.decode()
    assert not {"question", "kind", "deck"} & set(fields(response, "note_form"))
    assert as_root.post(page(row), {"question": "x"}).status_code == 403
