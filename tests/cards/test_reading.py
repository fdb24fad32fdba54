"""Bytes → text, blocks and repairs: plain text of both shapes, and what is no text at all."""

from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cards.reading import Reading, Repair, UnreadableError, read

DOCUMENTS = Path(__file__).parents[2] / "fixtures/documents"
LONG = (
    "Bone marrow makes every cell of the blood, red and white, and the platelets too, and it does so day and"
    " night for as long as the body lives on earth"
)


def blocks(source: str) -> list[tuple[str, int, str]]:
    reading = read(source.encode(), "a.txt")
    return [(block.kind, block.level, reading.text[block.start : block.end]) for block in reading.blocks]


def repairs(reading: Reading) -> list[tuple[str, str]]:
    return [(repair.before, repair.after) for repair in reading.repairs]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_encodings(encoding: str) -> None:
    reading = read("The body’s cells — naïve 🩸 ones.".encode(encoding), "a.txt")
    assert reading.text == "The body’s cells — naïve 🩸 ones."
    assert reading.format == "text"


def test_big_endian_utf16() -> None:
    assert read(b"\xfe\xff" + "Blood.".encode("utf-16-be"), "a.txt").text == "Blood."


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r", "\x0b", "\x0c", "\x85", "\u2028", "\u2029"])
def test_every_line_end_is_one_newline(newline: str) -> None:
    assert read(f"One.{newline}Two.{newline}".encode(), "a.txt").text == "One.\nTwo.\n"


@pytest.mark.parametrize(
    ("raw", "line", "what"),
    [
        (b"", 0, "no words"),
        (b"\xef\xbb\xbf", 0, "no words"),
        (b" \n\n\t ", 0, "no words"),
        (b"-----\n", 0, "no words"),
        (b"%PDF-1.7 ...", 0, "a PDF"),
        (b"PK\x03\x04....", 0, "a zip archive"),
        (b"\xd0\xcf\x11\xe0....", 0, "an old Office file"),
        (b"{\\rtf1 Hello}", 0, "an RTF file"),
        (b"\x89PNG\r\n", 0, "a picture"),
        (b"\x1f\x8b\x08", 0, "a gzip archive"),
        (b"One.\nna\xefve\n", 2, "Byte 7 (0xEF) is not UTF-8 text."),
        (b"\xef\xbb\xbfOne.\r\rna\xefve", 3, "Byte 11 (0xEF) is not UTF-8 text."),
        (b"\xff\xfeA\x00\n\x00B", 2, "Byte 6 (0x42) is not UTF-16 text."),
        (b"cut \xe2\x80", 1, "Byte 4 (0xE2) is not UTF-8 text."),
        (b"One.\n\xc3\xa9\x00.", 2, "Byte 7 is a control character (U+0000)"),
        (b"bell\x07", 1, "Byte 4 is a control character (U+0007)"),
        (b"\x1b[1mbold", 1, "Byte 0 is a control character (U+001B)"),
        (b"x\x7f", 1, "Byte 1 is a control character (U+007F)"),
        ("Windows\u0093".encode(), 1, "Byte 7 is a control character (U+0093)"),
        ("\ufeffA\nB\0".encode("utf-16-le"), 2, "Byte 8 is a control character (U+0000)"),
    ],
)
def test_unreadable_bytes_say_what_where_and_how_to_mend(raw: bytes, line: int, what: str) -> None:
    with pytest.raises(UnreadableError) as caught:
        read(raw, "notes.txt")
    problem = caught.value.problem
    assert what in problem.what
    assert (problem.file, problem.line) == ("notes.txt", line)
    assert problem.mend.endswith(".")
    assert str(caught.value).startswith(f"notes.txt:{line}: " if line else "notes.txt: ")


# Shape one: a line is a paragraph.


def test_a_line_is_a_paragraph() -> None:
    source = f"The Title\n{LONG}.\nCauses\n{LONG} too.\n\nWhat follows\n\n{LONG}.\nShort.\n"
    assert blocks(source) == [
        ("heading", 1, "The Title"),
        ("paragraph", 0, f"{LONG}."),
        ("heading", 2, "Causes"),
        ("paragraph", 0, f"{LONG} too."),
        ("heading", 2, "What follows"),
        ("paragraph", 0, f"{LONG}."),
        ("paragraph", 0, "Short."),
    ]


@pytest.mark.parametrize(
    ("first", "is_title"),
    [
        ("Can It Help?", True),
        ("Help!", True),
        ("mTOR signalling", True),
        ("Aplastic anemia: causes", True),
        ("It is a disease.", False),
        ("Dear Bob,", False),
        ("Causes:", False),
        ("- a list line", False),
        ("-----", False),
        ("x" * 121, False),
    ],
)
def test_the_first_short_line_without_a_stop_is_the_title(first: str, is_title: bool) -> None:
    assert (blocks(f"{first}\n{LONG}.\n")[0][:2] == ("heading", 1)) == is_title


def test_title_is_the_first_heading_or_the_first_words() -> None:
    assert read(f"The  Title\n{LONG}.\n".encode(), "a.txt").title == "The Title"
    assert read(f"{LONG}.\n\nThe Section\n\n{LONG}.\n".encode(), "a.txt").title == "The Section"
    assert read(f"{LONG}.\n".encode(), "a.txt").title == "Bone marrow makes every cell of the blood…"
    assert read(b"Blood flows.", "a.txt").title == "Blood flows."
    assert len(read(b"x" * 5000, "a.txt").title) < 300


def test_no_headings_in_bare_lists_and_verse() -> None:
    bare = f"{LONG}.\nDrugs\nChemicals\nRadiation\n{LONG}."
    apart = f"{LONG}.\n\nDrugs\n\nChemicals\n\nRadiation\n\n{LONG}."
    verse = f"{LONG}.\nNor shall death brag\nWhen in eternal lines,\nSo long lives this.\n{LONG}."
    signed = f"{LONG}.\n\nAlice Smith\n"
    small = f"{LONG}.\n\nand so on\n\n{LONG}."
    cut = f"{LONG}.\n\nIt is caused by drugs or radi\n\nation and by {LONG}."
    for source in (bare, apart, verse, signed, small, cut):
        assert {kind for kind, _, _ in blocks(source)} == {"paragraph"}


def test_a_chapter_and_its_section_are_headings() -> None:
    assert [block[:2] for block in blocks(f"{LONG}.\n\nChapter\n\nSection\n\n{LONG}.")] == [
        ("paragraph", 0),
        ("heading", 2),
        ("heading", 2),
        ("paragraph", 0),
    ]


def test_items_leave_their_bullets_out() -> None:
    source = "Kinds:\n- one\n* two\n• three\n  - deeper\n    1. deepest\n10) ten\n    goes on\n1984. A year\n"
    assert blocks(source) == [
        ("paragraph", 0, "Kinds:"),
        ("item", 1, "one"),
        ("item", 1, "two"),
        ("item", 1, "three"),
        ("item", 2, "deeper"),
        ("item", 3, "deepest"),
        ("item", 1, "ten\n    goes on"),
        ("paragraph", 0, "1984. A year"),
    ]


def test_a_lone_bullet_is_text() -> None:
    assert blocks(f"{LONG}.\n-\n***\n") == [
        ("paragraph", 0, f"{LONG}."),
        ("paragraph", 0, "-"),
        ("paragraph", 0, "***"),
    ]


# Shape two: wrapped paragraphs with blank lines between.


def test_wrapped_lines_are_one_paragraph() -> None:
    source = (
        "The Title\n\nBone marrow makes blood\n  and it does so for long, about\n"
        "30. It happened in\n1984. Then it stopped.\n\n"
        "Causes\n\nThere are some:\n- drugs and\n  such\n- rays\nand light\n\nThe end.\n"
    )
    assert blocks(source) == [
        ("heading", 1, "The Title"),
        (
            "paragraph",
            0,
            "Bone marrow makes blood\n  and it does so for long, about\n30. It happened in\n"
            "1984. Then it stopped.",
        ),
        ("heading", 2, "Causes"),
        ("paragraph", 0, "There are some:"),
        ("item", 1, "drugs and\n  such"),
        ("item", 1, "rays\nand light"),
        ("paragraph", 0, "The end."),
    ]


def test_a_title_may_touch_its_wrapped_paragraph() -> None:
    body = "Bone marrow makes every cell of the blood\nand it does so for long.\n\nIt may stop.\n"
    assert blocks(f"The Title\n{body}")[0] == ("heading", 1, "The Title")
    assert blocks(body)[0] == ("paragraph", 0, body.partition("\n\n")[0])


def test_one_long_address_does_not_unwrap_a_text() -> None:
    source = f"See this\nhttps://example.org/{'a' * 120}\nand that.\n\nThe end.\n"
    assert len(blocks(source)) == 2


# Repairs


def test_a_broken_word_is_joined_by_its_kin() -> None:
    reading = read((DOCUMENTS / "aplastic-anemia-disease-mechanism.txt").read_bytes(), "a.txt")
    word, end = reading.repairs
    assert (word.before, word.after, end.before, end.after) == ("\n\n", "", "\n" * 10, "")
    assert reading.text[word.start - 7 : word.end + 13] == "vulnerable to damage"
    assert end.start == end.end == len(reading.text)
    assert reading.text.endswith("patient outcomes.")
    assert "body’s" in reading.text
    assert len(reading.blocks) == 8


def test_our_documents_end_where_their_words_end() -> None:
    second = read((DOCUMENTS / "aplastic-anemia-treatment-resistance.txt").read_bytes(), "a.txt")
    third = read((DOCUMENTS / "bone-marrow-transplantation-autoimmune.txt").read_bytes(), "a.txt")
    assert repairs(second) == [("\n" * 9, "")]
    assert repairs(third) == []
    assert third.title == "Bone Marrow Transplantation for Autoimmune Conditions: Can It Help?"


@pytest.mark.parametrize(
    ("first", "second", "rest", "after"),
    [
        ("more vulnera", "ble to damage.", "Its vulnerability grew.", ""),
        ("more vulnera", "ble to damage.", "It was vulnerable.", ""),
        ("more vulnera", "ble to damage.", "Nothing else.", " "),  # no kin: nobody knows
        ("vulnera", "ble to damage.", "A vulnera is vulnerable.", " "),  # a piece is a word
        ("more than one patient", "suffers from it.", "Many patients do.", " "),
        ("the way to treat", "more of them.", "The treatment helps.", " "),
        ("the hematopoietic", "stem cells of the marrow.", "A stem cell.", " "),
    ],
)
def test_a_broken_paragraph_is_joined(first: str, second: str, rest: str, after: str) -> None:
    source = f"{LONG} {first}\n\n{second}\n{rest}"
    reading = read(source.encode(), "a.txt")
    assert repairs(reading) == [("\n\n", after)]
    assert reading.text == f"{LONG} {first}{after}{second}\n{rest}"
    assert len(reading.blocks) == 2


@pytest.mark.parametrize(
    "source",
    [
        f"{LONG}.\n\nble to damage.",  # closed
        f"{LONG},\n\nble to damage.",
        f"{LONG}\n\nBle to damage.",  # a capital
        "Too short to be prose\n\nble to damage.",
        f"{LONG}\nble to damage.",  # no blank line
        f"{LONG}\n\n- ble to damage.",
        "One line.\n",
        f"{LONG} in 1984\n\nble to damage.",
    ],
)
def test_what_is_not_plainly_broken_stays(source: str) -> None:
    reading = read(source.encode(), "a.txt")
    assert reading.text == source
    assert reading.repairs == ()


def test_a_paragraph_broken_twice_is_one() -> None:
    reading = read(f"{LONG}\n\nand\n \n so on\n\n\n".encode(), "a.txt")
    assert reading.text == f"{LONG} and so on"
    assert repairs(reading) == [("\n\n", " "), ("\n \n ", " "), ("\n\n\n", "")]
    assert len(reading.blocks) == 1


def test_a_wrapped_paragraph_broken_in_a_word_is_joined() -> None:
    lines = "Bone marrow makes every cell of the blood and it does so\nfor long but becomes more vulnera"
    reading = read(f"{lines}\n\nble to damage from\nits vulnerability.\n\nThe end.\n".encode(), "a.txt")
    assert reading.text == f"{lines}ble to damage from\nits vulnerability.\n\nThe end.\n"
    assert len(reading.blocks) == 2


LINES = st.one_of(
    st.sampled_from(
        ["", " ", "- item", "  1. deep", "Title", LONG, f"{LONG} vulnera", "ble to it", "vulnerability."]
    ),
    st.text(st.characters(exclude_categories=["Cc", "Cs"]), max_size=20),
)


def restore(text: str, repairs: Sequence[Repair]) -> str:
    """The source as it was before the repairs (given in text order)."""
    pieces: list[str] = []
    place = 0
    for repair in repairs:
        pieces += text[place : repair.start], repair.before
        place = repair.end
    return "".join([*pieces, text[place:]])


@given(st.lists(LINES, min_size=1).map("\n".join).filter(lambda text: any(map(str.isalnum, text))))
def test_repairs_restore_the_source_and_blocks_cover_the_text(source: str) -> None:
    source = source.replace("\u2028", "\n").replace("\u2029", "\n").removeprefix("\ufeff")
    reading = read(source.encode(), "a.txt")
    assert restore(reading.text, reading.repairs) == source
    for repair in reading.repairs:
        assert reading.text[repair.start : repair.end] == repair.after
    place = 0
    for block in reading.blocks:
        piece = reading.text[block.start : block.end]
        assert piece
        assert piece == piece.strip()
        assert reading.text[place : block.start].strip(" \n\t\u00a0-*•‣◦▪0123456789.)").strip() == ""
        place = block.end
    assert not reading.text[place:].strip()
    assert reading.title
