"""What Anki has after it imported our package, and what is in the file."""

import io
import os
import re
import subprocess
import sys
import tempfile
import zipfile
from html import unescape
from pathlib import Path

import pytest
from anki.collection import Collection
from django.conf import settings as project
from django.contrib.auth.models import AnonymousUser
from django.core.management import CommandError, call_command
from django.db import connection
from pytest_django import DjangoAssertNumQueries, Settings

from accounts.models import User
from cards.anki.export import deck_name, write_package
from cards.anki.fields import fields
from cards.library import load_library, retire_notes
from cards.models import Card, Deck, Note

from .asking import LONG_AGO, cards, export, filled, load, notes
from .conftest import Bring

pytestmark = pytest.mark.django_db


LETTER = {"Source title": "A &lt;letter&gt;"}
EVERY_FIELD = {
    "basic00001": {
        "Front": "How low is <em>grave</em>?",
        "Back": "&lt;0.5 &amp; falling",
        "Extra": "<p>The unit is 10^9.</p>\n"
        '<div class="caution"><p>Ask a <strong>doctor</strong>.</p>\n</div>',
        "Source quote": '<span class="cited">Platelets below </span><mark>&lt;0.5 &amp; falling</mark>'
        '<span class="cited"> are &quot;grave&quot;</span>.',
        **LETTER,
    },
    "reverse001": {
        "Front": "What do red cells carry?",
        "Back": "Oxygen",
        "Reverse front": "What carries oxygen?",
        "Reverse back": "Red cells",
        "Source quote": '<mark>Red cells</mark><span class="cited"> carry </span><mark>oxygen</mark>'
        ", and platelets stop bleeding.",
        **LETTER,
    },
    "swapped001": {"Front": "Left", "Back": "Right"},
    "cloze00001": {
        "Text": "Platelets stop {{c3::bleeding::what flows}}; &#123;&#123;c1:: is code,\n"
        "{{c1::a &#125;&#125; b&#58;&#58;c::odd&#58;&#58;hint}} and {{c3::twice}}.",
        "Source quote": 'Red cells carry oxygen, and <span class="cited">platelets stop </span>'
        "<mark>bleeding</mark>.",
        **LETTER,
    },
    "choice0001": {
        "Front": "Where are blood cells made?",
        "Options": '<ol class="options"><li>Heart</li>\n'
        "<li>Marrow</li>\n<li>Liver</li>\n<li>Spleen</li></ol>",
        "Back": '<ol class="options"><li>Heart</li>\n'
        '<li class="right"><span class="verdict">✓</span> <b>Marrow</b></li>\n<li>Liver</li>\n'
        '<li>Spleen <span class="reason">It filters &lt;old&gt; cells.</span></li></ol>',
        "Source quote": '<p><span class="cited">The </span><mark>marrow</mark>'
        '<span class="cited"> makes every blood cell</span>.<sup>1</sup></p>\n'
        '<p><mark>Marrow</mark><span class="cited"> is soft</span> &amp; spongy.<sup>2</sup></p>',
        "Source title": "A &lt;letter&gt;<sup>1</sup> · Book &amp; more<sup>2</sup>",
    },
    "choice0002": {
        "Front": "Which are cells of the blood?",
        "Options": '<ol class="options"><li>Neurons</li>\n<li>Red cells</li>\n<li>Platelets</li></ol>'
        '<p class="hint">Several are right.</p>',
        "Back": '<ol class="options"><li>Neurons</li>\n'
        '<li class="right"><span class="verdict">✓</span> <b>Red cells</b></li>\n'
        '<li class="right"><span class="verdict">✓</span> <b>Platelets</b></li></ol>',
    },
}


def test_every_field_of_every_kind_arrives(cells: Deck, anki: Collection, bring: Bring) -> None:
    bring(cells)
    assert {guid: filled(note) for guid, note in notes(anki).items()} == EVERY_FIELD


def words(html: str) -> str:
    """What one reads of a rendered side."""
    without = re.sub(r"<style>.*?</style>|<[^>]+>", "", html, flags=re.DOTALL)
    return " ".join(unescape(without).split())


@pytest.mark.parametrize(
    ("card", "front", "back"),
    [
        (("basic00001", 0), "How low is grave?", "How low is grave? <0.5 & falling The unit is 10^9. Ask a"),
        (("reverse001", 1), "What carries oxygen?", "What carries oxygen? Red cells Red cells carry oxygen"),
        (("swapped001", 1), "Right", "Right Left"),
        (
            ("cloze00001", 0),
            "Platelets stop bleeding; {{c1:: is code, [odd::hint] and twice.",
            "Platelets stop bleeding; {{c1:: is code, a }} b::c and twice.",
        ),
        (
            ("cloze00001", 2),
            "Platelets stop [what flows]; {{c1:: is code, a }} b::c and [...].",
            "Platelets stop bleeding; {{c1:: is code, a }} b::c and twice.",
        ),
        (
            ("choice0001", 0),
            "Where are blood cells made? Heart Marrow Liver Spleen",
            "Where are blood cells made? Heart ✓ Marrow Liver Spleen It filters <old> cells. The marrow",
        ),
        (
            ("choice0002", 0),
            "Which are cells of the blood? Neurons Red cells PlateletsSeveral are right.",
            "Which are cells of the blood? Neurons ✓ Red cells ✓ Platelets",
        ),
    ],
)  # fmt: skip
def test_anki_shows_both_sides(
    cells: Deck, anki: Collection, bring: Bring, card: tuple[str, int], front: str, back: str
) -> None:
    bring(cells)
    shown = cards(anki)[card].render_output()
    assert words(shown.question_text) == front
    assert words(shown.answer_text).startswith(back)


def test_guid_tags_time_kind_deck_and_order(cells: Deck, anki: Collection, bring: Bring) -> None:
    bring(cells)
    found = notes(anki)
    assert found["basic00001"].tags == ["alpha::beta", "blood", "zeta"]
    assert {note.mod for note in found.values()} == {int(LONG_AGO.timestamp())}
    assert {card.mod for card in cards(anki).values()} == {int(LONG_AGO.timestamp())}
    assert {guid: note.note_type()["name"] for guid, note in found.items()} == {  # type: ignore[index]
        "basic00001": "Recite Basic",
        "reverse001": "Recite Basic (and reversed)",
        "swapped001": "Recite Basic (and reversed)",
        "cloze00001": "Recite Cloze",
        "choice0001": "Recite Choice",
        "choice0002": "Recite Choice",
    }
    ours = Card.objects.values_list("note__guid", "ordinal", "position")
    assert {key: card.due for key, card in cards(anki).items()} == {(g, o): p for g, o, p in ours}
    assert {anki.decks.name(card.did) for card in cards(anki).values()} == {"Blood::Cells"}
    assert anki.fix_integrity()[1]


def test_a_space_in_a_tag_becomes_an_underscore(cells: Deck, anki: Collection, bring: Bring) -> None:
    note = Note.objects.get(guid="swapped001")
    note.tags.create(name="two  words\u3000more")
    bring(cells)
    assert notes(anki)["swapped001"].tags == ["blood", "two_words_more"]


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("**{{c1::a}}** {b}", "<strong>{{c1::a}}</strong> &#123;b&#125;"),
        ("{{c1::*a* & <b>::x:}}", "{{c1::<em>a</em> &amp; &lt;b&gt;::x&#58;}}"),
        ("{{c2::{x\\}}}", "{{c2::&#123;x&#125;}}"),
        (
            "{{c1::[a](https://b.example)}}",
            '{{c1::<a href="https&#58;//b.example" rel="noopener noreferrer nofollow">a</a>}}',
        ),
        (
            "{{c1::a}} [b](https://c.example '{{c2::x\" onclick=\"y}}')",
            '{{c1::a}} <a href="https://c.example" title="" rel="noopener noreferrer nofollow">b</a>',
        ),
        ("one\x1ftwo {{c1::a}}", "one two {{c1::a}}"),
        ("nothing {{hidden", "nothing &#123;&#123;hidden"),
    ],
)  # fmt: skip
def test_a_cloze_is_safe_from_what_it_holds(cells: Deck, question: str, text: str) -> None:
    note = Note.objects.get(guid="cloze00001")
    note.question = question
    assert fields(note, [])["Text"] == text


def test_links_where_the_site_has_an_address_and_the_document_is_public(
    cells: Deck, anki: Collection, bring: Bring, settings: Settings
) -> None:
    settings.PUBLIC_URL = "https://recite.example.org"
    bring(cells)
    found = {guid: filled(note).get("Source link") for guid, note in notes(anki).items()}
    address = "https://recite.example.org/documents/letter/?note={}#p{}"
    assert found["basic00001"] == f'<a href="{address.format("basic00001", 2)}">Read in place</a>'
    assert found["choice0001"] == f'<a href="{address.format("choice0001", 4)}">Read in place</a><sup>1</sup>'
    assert found["swapped001"] is None


def test_the_right_option_is_not_always_in_one_place(alice: User, anki: Collection, bring: Bring) -> None:
    choices = "\n".join(
        f"Q: Number {n}?\n- [x] Right\n- [ ] Wrong\n- [ ] Bad\nid: choice{n:04}\n" for n in range(30)
    )
    bring(load(alice, f"deck: D\nslug: d\n\n{choices}"))
    places = [re.findall(r"<li>(\w+)", note["Options"]).index("Right") for note in notes(anki).values()]
    assert {places.count(place) > 4 for place in (0, 1, 2)} == {True}


def test_what_is_left_out_is_said(cells: Deck, anki: Collection, bring: Bring) -> None:
    Note.objects.filter(guid="choice0001").update(use="quiz")
    retire_notes([Note.objects.get(guid="reverse001")])
    Note.objects.filter(guid="basic00001").update(question=" ")
    Note.objects.filter(guid="cloze00001").update(question="{{c3::left}} and [link]({{c1::x}})")
    report = bring(cells)
    assert set(cards(anki)) == {("swapped001", 0), ("swapped001", 1), ("cloze00001", 2), ("choice0002", 0)}
    assert str(report).splitlines() == [
        "1 deck, 3 notes, 4 cards",
        "Left out: 1 note for quizzes only",
        "Left out: card 1 of basic00001 “”, which has nothing to ask",
        "Left out: card 1 of cloze00001 “{{c3::left}} and [link]({{c1::x}})”, which has nothing to ask",
    ]


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("{{c1::a}} and \ue0005\ue001", "{{c1::a}} and 5"),
        ("\ue0000\ue001 is {{c1::a}}", "0 is {{c1::a}}"),
    ],
)
def test_a_text_cannot_pass_for_a_deletion(text: str, field: str) -> None:
    assert fields(Note(kind="cloze", question=text), [])["Text"] == field


def test_subdecks_come_along_if_one_may_see_them(
    alice: User, bob: User, anki: Collection, bring: Bring
) -> None:
    top = load(alice, "deck: Top\nslug: top\n\nQ: a\nA: a\nid: note000001\n")
    load(alice, "deck: Top::Open\nslug: open\n\nQ: b\nA: b\nid: note000002\n")
    load(alice, "deck: Top::Open::Deep\nslug: deep\n\nQ: c\nA: c\nid: note000003\n")
    load(alice, "deck: Top::Own\nslug: own\n\nQ: d\nA: d\nid: note000004\n", visibility="private")
    for anyone in (bob, AnonymousUser()):
        assert write_package([top], anyone, io.BytesIO()).notes == 3
    report = bring(top)
    assert (report.decks, report.notes) == (4, 4)
    names = {guid: anki.decks.name(card.did) for (guid, _), card in cards(anki).items()}
    assert names == {
        "note000001": "Top",
        "note000002": "Top::Open",
        "note000003": "Top::Open::Deep",
        "note000004": "Top::Own",
    }


@pytest.mark.parametrize("subdecks", [3, 9])
def test_subdecks_cost_no_queries(
    alice: User, django_assert_num_queries: DjangoAssertNumQueries, subdecks: int
) -> None:
    load(alice, "deck: Sea::Top\nslug: top\n\nQ: a\nA: a\nid: note000000\n")
    for n in range(1, subdecks + 1):
        load(alice, f"deck: Sea::Top::Low{n}\nslug: low{n}\n\nQ: b\nA: b\nid: note{n:06}\n")
    top = Deck.objects.get(slug="top")
    with django_assert_num_queries(9):
        assert write_package([top], alice, io.BytesIO()).decks == subdecks + 1


@pytest.mark.parametrize("name", ['A & "b" <x>', "one::two", "::", "Ünïcode 漢字", "a:"])
def test_any_name_is_one_level(alice: User, anki: Collection, bring: Bring, name: str) -> None:
    deck = load(alice, "deck: Top::Low\nslug: low\n\nQ: a\nA: a\nid: note000001\n")
    deck.name = name
    deck.save()
    bring(deck)
    (card,) = cards(anki).values()
    assert anki.decks.name(card.did) == deck_name(deck)
    assert deck_name(deck).startswith("Top::")
    assert deck_name(deck).count("::") == 1


def test_two_decks_made_in_the_same_moment(alice: User, anki: Collection, bring: Bring) -> None:
    """Anki's ids are times: two packages may bring the same ones, and nothing may be lost."""
    decks = []
    for d in range(3):
        text = "".join(f"Q: {d} {n}\nA: a\nR:\nid: note{d}{n:05}\n\n" for n in range(40))
        decks.append(load(alice, f"deck: D{d}\nslug: d{d}\n\n{text}"))
    Note.objects.update(created_at=LONG_AGO)
    for deck in decks:
        bring(deck)
    assert {note["Front"] for note in notes(anki).values()} == {
        f"{d} {n}" for d in range(3) for n in range(40)
    }
    assert len(cards(anki)) == 240
    assert anki.fix_integrity()[1]


def test_the_shipped_library_arrives_whole(alice: User, anki: Collection, bring: Bring) -> None:
    load_library(alice, project.FIXTURES_DIR)
    decks = list(Deck.objects.filter(notes__isnull=False).distinct())
    report = bring(*decks)
    assert len(decks) == 3
    assert not report.empty
    assert set(cards(anki)) == set(
        Card.objects.exclude(note__use="quiz").values_list("note__guid", "ordinal")
    )
    for note in notes(anki).values():
        assert "<mark>" in note["Source quote"], note["Source quote"]
        assert note["Source title"]
    names = {deck_name(deck) for deck in decks}
    assert {anki.decks.name(card.did) for card in cards(anki).values()} == names


def test_nothing_is_left_in_the_temporary_folder(
    cells: Deck, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    export(cells)
    with pytest.raises(OSError, match="full"):
        write_package([cells], cells.owner, Full())
    assert list(tmp_path.iterdir()) == []


class Full(io.BytesIO):
    """A disk without room."""

    def write(self, *data: object) -> int:
        raise OSError("The disk is full")


def test_the_file_says_nothing_of_when_and_where(cells: Deck) -> None:
    entries = zipfile.ZipFile(io.BytesIO(export(cells))).infolist()
    assert [(entry.filename, entry.date_time) for entry in entries] == [
        ("collection.anki2", (1980, 1, 1, 0, 0, 0)),
        ("media", (1980, 1, 1, 0, 0, 0)),
    ]


LATER = """
import time, datetime, django
clock, year = time.time, 400 * 86400
time.time = lambda: clock() + year
django.setup()
from django.core.management import call_command
call_command("export_deck", "cells", "-o", {output!r})
"""


def address_of_database(folder: Path) -> str:
    """Of this test's data, for another process."""
    if connection.vendor == "sqlite":
        path = folder / "copy.sqlite3"
        connection.cursor().execute("VACUUM INTO %s", [str(path)])
        return f"sqlite:///{path}"
    at = connection.settings_dict
    return f"postgres://{at['USER']}:{at['PASSWORD']}@{at['HOST']}:{at['PORT']}/{at['NAME']}"


@pytest.mark.django_db(transaction=True)
def test_the_same_bytes_in_another_process_at_another_time(cells: Deck, tmp_path: Path) -> None:
    here = export(cells)
    assert export(cells) == here
    output = tmp_path / "later.apkg"
    environment = {
        **os.environ,
        "PYTHONHASHSEED": "123",
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "RECITE_DATABASE_URL": address_of_database(tmp_path),
    }
    code = LATER.format(output=str(output))
    subprocess.run([sys.executable, "-c", code], check=True, env=environment, cwd=project.BASE_DIR)
    assert output.read_bytes() == here


def test_the_command_writes_the_file_and_says_what(
    cells: Deck, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    output = tmp_path / "cells.apkg"
    call_command("export_deck", "cells", "-o", str(output))
    assert output.read_bytes() == export(cells)
    assert capsys.readouterr().out == f"{output}: 1 deck, 6 notes, 9 cards\n"
    assert list(tmp_path.iterdir()) == [output]


def test_the_command_names_the_deck_that_was_meant(cells: Deck, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"There is no deck “cell”\. Did you mean cells\?"):
        call_command("export_deck", "cell", "-o", str(tmp_path / "x.apkg"))


def test_the_command_leaves_a_file_it_cannot_replace(cells: Deck, tmp_path: Path) -> None:
    taken = tmp_path / "folder.apkg"
    taken.mkdir()
    for output in (taken, tmp_path / "missing" / "x.apkg"):
        with pytest.raises(CommandError, match="Name a file in a folder you may write in"):
            call_command("export_deck", "cells", "-o", str(output))
    assert list(tmp_path.iterdir()) == [taken]
