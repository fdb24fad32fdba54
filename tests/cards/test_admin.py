"""An administrator edits decks, notes and documents; cards keep their schedules and nothing is deleted."""

from datetime import date
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.html import escape

from accounts.models import User
from cards import exchange, library
from cards.models import Card, Citation, Deck, Document, Note, Tag
from quizzes.models import Enrollment, Review, Schedule
from tests.cards.admin_pages import edit, errors, fields
from tests.conftest import TEXT, signed_in

SUN, REVERSED, CLOZE, CHOICE = (f"aaaaaaaa0{n}" for n in range(1, 5))


@pytest.fixture
def root(db: None) -> User:
    """An administrator who owns nothing."""
    return User.objects.create_superuser("root", password="root's long password")


@pytest.fixture
def as_root(root: User) -> Client:
    return signed_in(root)


def note(guid: str) -> Note:
    return Note.objects.whole().get(guid=guid)


def page(row: Any) -> str:
    return f"/admin/cards/{row._meta.model_name}/{row.pk}/change/"


def studied(card: Card, learner: User) -> dict[str, Any]:
    """A schedule and its log row; the schedule's values to compare later."""
    state = {
        "repetitions": 3,
        "interval": 15,
        "easiness": 236,
        "due": date(2026, 4, 1),
        "reps": 3,
        "lapses": 0,
    }
    Review.objects.create(learner=learner, card=card, kind="review", quality=4, day=date(2026, 3, 17),
                          at="2026-03-17T12:00Z", **state)  # fmt: skip
    Schedule.objects.create(learner=learner, card=card, deck=card.deck, graded_on=date(2026, 3, 17), **state)
    return Schedule.objects.filter(card=card).values().get()


def edit_note(client: Client, guid: str, **changes: Any) -> Any:
    return edit(client, page(note(guid)), "note_form", **changes)


def live_ordinals(guid: str) -> list[int]:
    return [card.ordinal for card in Card.objects.filter(note__guid=guid).live().order_by("ordinal")]


def untouched(guid: str) -> tuple[Any, ...]:
    row = note(guid)
    return library.to_exchange(row), row.content_at, [*row.citations.values_list("pk", "order")]


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


def new_note(client: Client, **values: Any) -> Any:
    url = "/admin/cards/note/add/"
    blank = {**fields(client.get(url), "note_form"), "kind": "basic"}
    return client.post(url, {**blank, **values})


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


# Retiring, never deleting


def act(client: Client, model: str, action: str, *rows: Any) -> Any:
    chosen = {"action": action, "_selected_action": [row.pk for row in rows]}
    return client.post(f"/admin/cards/{model}/", chosen, follow=True)


def test_notes_are_retired_and_revived(as_root: Client, bob: User, deck: Deck) -> None:
    before = studied(Card.objects.get(note__guid=SUN), bob)
    assert "1 note retired." in act(as_root, "note", "retire", note(SUN)).content.decode()
    assert (live_ordinals(SUN), Schedule.objects.get().active) == ([], False)
    assert "0 notes retired." in act(as_root, "note", "retire", note(SUN)).content.decode()
    assert "1 note revived." in act(as_root, "note", "revive", note(SUN)).content.decode()
    assert live_ordinals(SUN) == [0]
    assert Schedule.objects.values().get() == before


def test_a_deck_is_retired_with_the_decks_below_and_revived_alone(as_root: Client, deck: Deck) -> None:
    top = deck.parent
    assert top
    lowest = Deck.objects.create(name="Rain", slug="rain", owner=deck.owner, parent=deck)
    aside = Deck.objects.create(name="Stars", slug="stars", owner=deck.owner)

    def live() -> set[Deck]:
        return set(Deck.objects.filter(retired_at=None))

    said = "2 decks retired, with those below."
    assert said in act(as_root, "deck", "retire", deck).content.decode()
    assert live() == {top, aside}
    assert as_root.get("/decks/water/").status_code == 404
    said = "1 deck retired, with those below."
    assert said in act(as_root, "deck", "retire", top, deck).content.decode(), "only what was live is counted"
    assert "1 deck revived." in act(as_root, "deck", "revive", deck).content.decode()
    assert live() == {deck, aside}
    assert as_root.get("/decks/water/").status_code == 200
    assert "1 deck retired" in act(as_root, "deck", "retire", top).content.decode(), "below a retired one too"
    assert live() == {aside}
    assert "1 deck revived." in act(as_root, "deck", "revive", lowest).content.decode()


def test_nothing_can_be_deleted(as_root: Client, deck: Deck, document: Document) -> None:
    for row in (deck, note(SUN), document, Tag.objects.get(name="sun")):
        assert as_root.get(page(row).replace("change", "delete")).status_code == 403
        assert as_root.post(page(row).replace("change", "delete"), {"post": "yes"}).status_code == 403
        model = row._meta.model_name or ""
        assert "delete_selected" not in as_root.get(f"/admin/cards/{model}/").content.decode()
        act(as_root, model, "delete_selected", row)
        row.refresh_from_db()


def test_cards_drafts_and_media_have_no_pages(as_root: Client) -> None:
    for model in ("card", "draft", "media", "citation", "foreigntype"):
        assert as_root.get(f"/admin/cards/{model}/").status_code == 404


# Decks


def test_a_new_deck_gets_a_slug_that_stays(as_root: Client, root: User, deck: Deck) -> None:
    url = "/admin/cards/deck/add/"
    blank = fields(as_root.get(url), "deck_form")
    assert blank["owner"] == str(root.pk), "the administrator, unless he names another"
    as_root.post(url, {**blank, "name": "Water", "visibility": "public"})
    made = Deck.objects.get(owner=root)
    assert made.slug.startswith("water-"), "the plain one is taken"
    edit(as_root, page(made), "deck_form", name="Ice", slug="ice", owner=deck.owner_id)
    renamed = Deck.objects.get(pk=made.pk)
    assert (renamed.name, renamed.slug, renamed.owner) == ("Ice", made.slug, root)


def test_an_unlisted_decks_address_cannot_be_guessed(as_root: Client, root: User) -> None:
    url = "/admin/cards/deck/add/"
    blank = fields(as_root.get(url), "deck_form")
    as_root.post(url, {**blank, "name": "Secrets", "visibility": "unlisted"})
    slug = Deck.objects.get().slug
    assert slug.startswith("secrets-")
    assert len(slug) == len("secrets-") + 10


def test_a_deck_is_never_below_itself(as_root: Client, deck: Deck) -> None:
    parent = deck.parent
    assert parent
    for below in (parent, deck):
        response = edit(as_root, page(parent), "deck_form", parent=below.pk)
        assert errors(response) == [
            "A deck cannot be its own parent, nor stand below itself. Choose another, or none."
        ]
    parent.refresh_from_db()
    assert parent.parent is None


def test_a_decks_parent_is_its_owners_and_its_name_its_own(as_root: Client, bob: User, deck: Deck) -> None:
    theirs = Deck.objects.create(name="Nature", slug="bobs-nature", owner=bob)
    assert "another person" in errors(edit(as_root, page(deck), "deck_form", parent=theirs.pk))[0]
    twin = Deck.objects.create(name="Snow", slug="snow", owner=deck.owner, parent=deck.parent)
    assert "of this name" in errors(edit(as_root, page(twin), "deck_form", name="Water"))[0]
    top = Deck.objects.create(name="Snow", slug="top-snow", owner=deck.owner)
    assert "of this name" in errors(edit(as_root, page(top), "deck_form", name="Nature"))[0]


def test_an_unlisted_decks_address_is_never_too_long(as_root: Client, root: User) -> None:
    url = "/admin/cards/deck/add/"
    Deck.objects.create(name="Taken", slug="x" * 100, owner=root)
    blank = fields(as_root.get(url), "deck_form")
    as_root.post(url, {**blank, "name": "x" * 150, "visibility": "unlisted"})
    assert len(Deck.objects.get(name="x" * 150).slug) == 120


def test_saving_a_deck_writes_only_what_was_changed(as_root: Client, deck: Deck) -> None:
    stale = fields(as_root.get(page(deck)), "deck_form")
    with CaptureQueriesContext(connection) as queries:
        as_root.post(page(deck), {**stale, "description": "About rain"})
    writes = [query["sql"] for query in queries if query["sql"].startswith('UPDATE "cards_deck"')]
    assert len(writes) == 1
    assert '"description" =' in writes[0]
    assert '"name" =' not in writes[0]
    deck.refresh_from_db()
    assert deck.description == "About rain"


# Ids that are none


NO_IDS = ["a", "-1", "1.5", "²", str(2**63), str(10**30), "9" * 5000]


@pytest.mark.parametrize("bad", NO_IDS)
@pytest.mark.parametrize("address", ["note/add/?deck=", "deck/add/?parent=", "deck/add/?owner="])
def test_an_address_that_names_no_row_opens_an_empty_form(as_root: Client, address: str, bad: str) -> None:
    response = as_root.get(f"/admin/cards/{address}{bad}")
    assert response.status_code == 200
    name = address.rpartition("?")[2].rstrip("=")
    model = address.partition("/")[0]
    assert not fields(response, f"{model}_form").get(name)


def test_an_address_may_name_the_deck_of_a_new_note(as_root: Client, deck: Deck) -> None:
    response = as_root.get(f"/admin/cards/note/add/?deck={deck.pk}")
    assert fields(response, "note_form")["deck"] == str(deck.pk)


@pytest.mark.parametrize("bad", NO_IDS)
def test_a_row_that_is_none_is_refused_in_the_form(
    as_root: Client, deck: Deck, document: Document, bad: str
) -> None:
    refusal = ["Select a valid choice. That choice is not one of the available choices."]
    assert errors(edit_note(as_root, SUN, deck=bad)) == refusal
    assert errors(edit_note(as_root, SUN, **{"citations-0-document": bad})) == refusal
    assert errors(edit(as_root, page(deck), "deck_form", parent=bad)) == refusal
    assert errors(edit(as_root, "/admin/cards/deck/add/", "deck_form", name="New", owner=bad)) == refusal
    assert errors(new_note(as_root, deck=bad, question="q", answer="a", use="both")) == refusal
    deck.refresh_from_db()
    assert deck.parent
    assert (Deck.objects.count(), Note.objects.count()) == (2, 5)


@pytest.mark.parametrize("model", ["deck", "note"])
@pytest.mark.parametrize("bad", NO_IDS)
def test_an_action_leaves_out_what_is_no_id(as_root: Client, deck: Deck, model: str, bad: str) -> None:
    url, rows = f"/admin/cards/{model}/", {"deck": deck, "note": note(SUN)}
    nothing = as_root.post(url, {"action": "retire", "_selected_action": bad}, follow=True)
    assert "Items must be selected" in nothing.content.decode()
    one = as_root.post(url, {"action": "retire", "_selected_action": [bad, rows[model].pk]}, follow=True)
    assert f"1 {model} retired" in one.content.decode()


# Documents and tags


def test_a_documents_title_and_readers_are_edited_and_nothing_else(
    as_root: Client, deck: Deck, document: Document
) -> None:
    edit(as_root, page(document), "document_form", title="Water", visibility="private", slug="x", owner="1")
    document.refresh_from_db()
    assert (document.title, document.visibility, document.slug) == ("Water", "private", "water-cycle")
    assert document.current
    assert document.current.text.strip() == TEXT.strip()
    assert as_root.get("/admin/cards/document/add/").status_code == 403


def test_a_documents_passages_are_numbered_with_their_citations(
    as_root: Client, deck: Deck, document: Document
) -> None:
    html = as_root.get(page(document)).content.decode()
    assert html.count("<li class=") == 10
    assert 'The sun drives evaporation. <span class="cited">1 citation</span>' in html
    assert document.current
    assert document.current.sha256 in html
    assert "No repairs." in html


def test_a_documents_repairs_are_shown(as_root: Client, alice: User) -> None:
    text = "A heading\n\nThe marrow makes blood\ncells every day, as we know.\n\n\n\n"
    broken, _ = library.ingest(alice, text.encode(), "marrow.txt")
    version = broken.current
    assert version
    version.repairs = [
        {"start": 0, "end": 1, "before": "A\u00a0", "after": "<A>", "reason": "a space & more"}
    ]
    version.save()
    html = as_root.get(page(broken)).content.decode()
    assert "<ins>&lt;A&gt;</ins> · a space &amp; more" in html


def test_long_documents_come_in_pages(as_root: Client, alice: User) -> None:
    lines = "\n\n".join(f"Sentence number {n} stands by itself." for n in range(1, 252))
    long, _ = library.ingest(alice, lines.encode(), "long.txt")
    first = as_root.get(page(long)).content.decode()
    assert ("number 200 stands" in first, "number 201 stands" in first) == (True, False)
    second = as_root.get(page(long) + "?page=2").content.decode()
    assert '<ol start="201">' in second
    assert "number 251 stands" in second


def test_tags_are_only_counted(as_root: Client, deck: Deck) -> None:
    assert '<td class="field-live_notes">5</td>' in as_root.get("/admin/cards/tag/").content.decode()
    tag = Tag.objects.get(name="sun")
    assert as_root.post(page(tag), {"name": "star"}).status_code == 403
    assert as_root.get("/admin/cards/tag/add/").status_code == 403


# Finding


@pytest.mark.parametrize(
    ("query", "questions"),
    [
        ("q=evaporation", 1), ("q=April", 1), ("q=aaaaaaaa03", 1), ("q=sun", 1), ("q=water", 5),
        ("kind__exact=choice", 1), ("use__exact=quiz", 0), ("standing=retired", 0), ("standing=live", 5),
    ],
)  # fmt: skip
def test_notes_are_found(as_root: Client, deck: Deck, query: str, questions: int) -> None:
    response = as_root.get(f"/admin/cards/note/?{query}")
    assert response.context["cl"].result_count == questions


def test_notes_are_filtered_by_deck_and_tag(as_root: Client, deck: Deck) -> None:
    tag = Tag.objects.get(name="sun")
    for query, count in ((f"deck__id__exact={deck.pk}", 5), (f"tags__id__exact={tag.pk}", 1)):
        assert as_root.get(f"/admin/cards/note/?{query}").context["cl"].result_count == count


@pytest.mark.parametrize("model", ["deck", "note", "document", "tag"])
def test_lists_ask_the_same_number_of_queries(as_root: Client, alice: User, deck: Deck, model: str) -> None:
    url = f"/admin/cards/{model}/"
    as_root.get(url)
    with CaptureQueriesContext(
        connection,
    ) as few:
        as_root.get(url)
    for n in range(3):
        more = Deck.objects.create(name=f"More {n}", slug=f"more-{n}", owner=alice, parent=deck)
        library.ingest(alice, f"Text number {n} is here.".encode(), f"text-{n}.txt")
        library.save_note(more, exchange.Note("basic", f"q{n}", "a", tags=(f"t{n}", "water")))
    with CaptureQueriesContext(connection) as many:
        assert as_root.get(url).status_code == 200
    assert len(many) == len(few)


# Who may


@pytest.mark.parametrize("path", ["", "cards/note/", "cards/deck/add/", "quizzes/review/"])
def test_learners_are_led_to_the_sign_in(as_bob: Client, deck: Deck, path: str) -> None:
    response = as_bob.get(f"/admin/{path}", follow=True)
    assert response.redirect_chain[-1][0].startswith("/accounts/sign-in/")
    assert Enrollment.objects.count() == 0


def test_staff_without_permission_may_only_look(bob: User, deck: Deck) -> None:
    bob.is_staff = True
    bob.save()
    bob.user_permissions.add(Permission.objects.get(codename="view_note"))
    client = signed_in(bob)
    response = client.get(page(note(CHOICE)))
    html = response.content.decode()
    assert "- [x] Rivers" in html
    assert "**Rivers** carry the rain to the sea." in html
    assert not {"question", "options_text", "citations-0-marked_quote"} & set(fields(response, "note_form"))
    assert client.post(page(note(CHOICE)), {"question": "x"}).status_code == 403
    act(client, "note", "retire", note(CHOICE))
    assert note(CHOICE).retired_at is None


def test_view_on_site_is_offered_where_it_leads_somewhere(
    as_root: Client, deck: Deck, document: Document
) -> None:
    shown = {deck: "/decks/water/", note(SUN): f"/notes/{SUN}/", document: "/documents/water-cycle/"}
    for row, address in shown.items():
        html = as_root.get(page(row)).content.decode()
        assert f'href="{address}" class="viewsitelink"' in html
        assert as_root.get(address).status_code == 200
    Deck.objects.update(visibility="private")
    Document.objects.update(visibility="private")
    for row in shown:
        assert "viewsitelink" not in as_root.get(page(row)).content.decode()


def test_the_panel_is_called_recite(as_root: Client) -> None:
    html = as_root.get("/admin/").content.decode()
    assert "<title>Administration | Recite</title>" in html
    assert 'href="/admin/">Recite</a>' in html
