"""The export page and the file behind its button: who gets them, and what is in them."""

import io
import re
import zipfile
from typing import cast

import pytest
from django.db import connection
from django.http import FileResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cards.anki.export import write_package
from cards.models import Deck, Note

pytestmark = pytest.mark.django_db


def test_a_public_deck_is_downloaded_without_signing_in(client: Client, deck: Deck) -> None:
    page = client.get("/decks/water/export/")
    assert page.status_code == 200
    text = " ".join(re.sub(r"<[^>]+>", "", page.content.decode()).split())
    assert "Water, 5 notes with their sources, as a package" in text
    for promise in ("Your edits in Anki stay", "Tags you gave a note are replaced", "Cards stay in the deck"):
        assert promise in text
    file = cast(FileResponse, client.get("/decks/water/export/anki/"))
    assert file["Content-Disposition"] == 'attachment; filename="water.apkg"'
    content = file.getvalue()
    assert int(file["Content-Length"]) == len(content)
    assert zipfile.ZipFile(io.BytesIO(content)).namelist() == ["collection.anki2", "media"]


def test_everyone_gets_the_same_bytes(client: Client, as_alice: Client, deck: Deck) -> None:
    """Neither who asks nor in which language changes a public deck's file."""
    files = []
    for someone, language in ((client, "de"), (as_alice, "en")):
        answer = someone.get("/decks/water/export/anki/", headers={"accept-language": language})
        files.append(cast(FileResponse, answer).getvalue())
    assert files[0] == files[1]


@pytest.mark.parametrize("name", ["cards:export", "cards:export-anki"])
def test_a_private_deck_is_its_owners(
    name: str, deck: Deck, client: Client, as_alice: Client, as_charlie: Client
) -> None:
    Deck.objects.update(visibility="private")
    address = reverse(name, args=["water"])
    assert client.get(address).status_code == 404
    assert as_charlie.get(address).status_code == 404
    mine = as_alice.get(address)
    assert mine.status_code == 200
    assert b"".join(mine)
    assert as_alice.get(reverse(name, args=["unknown"])).status_code == 404
    assert as_alice.post(address).status_code == 405


def test_an_empty_deck_offers_no_file(client: Client, deck: Deck) -> None:
    Note.objects.update(use="quiz")
    page = client.get("/decks/water/export/").content.decode()
    assert "nothing in it for Anki yet" in page
    assert "/export/anki/" not in page


def test_queries_do_not_grow_with_notes(deck: Deck) -> None:
    counts = []
    for guids in ([], ["aaaaaaaa02", "aaaaaaaa03", "aaaaaaaa04"]):
        Note.objects.filter(guid__in=guids).update(use="quiz")
        with CaptureQueriesContext(connection) as queries:
            write_package([deck], deck.owner, io.BytesIO())
        counts.append(len(queries))
    assert counts[0] == counts[1]
