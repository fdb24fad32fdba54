"""The admin panel: retiring, decks, documents, finding, and who may."""

from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from cards import exchange, library
from cards.models import Card, Deck, Document, Note, Tag
from quizzes.models import Enrollment, Schedule
from tests.cards.admin_pages import edit, errors, fields
from tests.conftest import TEXT, signed_in

from .admin_steps import CHOICE, SUN, edit_note, live_ordinals, new_note, note, page, studied

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
