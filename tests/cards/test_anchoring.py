"""Quotes found in a text, whatever their dress, and found again when the text has changed."""

import unicodedata
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from cards.anchoring import CONTEXT, Place, context, find, fold, nearest, place, project
from cards.exchange import Span
from cards.passages import split
from cards.reading import read

DOCUMENTS = sorted((Path(__file__).parents[2] / "fixtures/documents").glob("*.txt"))
READINGS = [read(path.read_bytes(), path.name) for path in DOCUMENTS]


def found(text: str, quote: str) -> list[str]:
    return [text[start:end] for start, end in find(fold(text), quote)]


def again(old: str, quote: str, new: str) -> Place:
    """Where the quote of an old text stands in a new one."""
    start = old.index(quote)
    span = start, start + len(quote)
    return place(fold(new), new, quote, *context(old, span), span)


@pytest.mark.parametrize(
    ("text", "quote", "places"),
    [
        ("Stem cells and STEM\n CELLS.", "stem cells", ["Stem cells", "STEM\n CELLS"]),
        ("the body’s ‘own’ “cells”", "the body's 'own' \"cells\"", ["the body’s ‘own’ “cells”"]),
        ("the body's", "the body’s", ["the body's"]),
        ("marrow—the soft‑spongy 5−6 – tissue", "marrow-the soft-spongy 5-6 - tissue", None),
        ("wait… what", "wait... what", ["wait… what"]),
        ("wait... what", "wait… what", ["wait... what"]),
        ("wait… what", "wait..", []),
        ("5\u00a0mg a\u202fday", "5 mg a day", ["5\u00a0mg a\u202fday"]),
        ("5 mg a day", "5\u00a0mg  a\tday", ["5 mg a day"]),
        ("hemato\u00adpoietic\u200b cells", "hematopoietic cells", None),
        ("hematopoietic", "hemato\u00adpoietic", ["hematopoietic"]),
        ("a \u00ad b", "a b", ["a \u00ad b"]),
        ("Große Straße hier", "GROSSE STRASSE", ["Große Straße"]),
        ("GROSSE STRASSE hier", "große straße", ["GROSSE STRASSE"]),
        ("İstanbul ist", "i̇stanbul", ["İstanbul"]),
        ("ﬁbrosis of the ﬁnger", "fibrosis", ["ﬁbrosis"]),
        (unicodedata.normalize("NFD", "naïve café là"), "café", [unicodedata.normalize("NFD", "café")]),
        ("naïve café là", unicodedata.normalize("NFD", "café"), ["café"]),
        (unicodedata.normalize("NFD", "café"), "cafe", []),
        ("café", "cafe", []),
        ("cells and a cell, not excel", "cell", ["cell"]),
        ("cells", "ells", []),
        ("the T-cell line", "cell", ["cell"]),
        ("the body’s own", "body", ["body"]),
        ("a 0.5 mg or 5 mg or 1,5 mg dose", "5 mg", ["5 mg"]),
        ("version 2.5, then 2", "2", ["2"]),
        ("in 5. Then", "in 5", ["in 5"]),
        ("snake_case", "case", []),
        ("blood blood blood", "blood blood", ["blood blood"]),
        ("骨髓不能造血。", "不能", ["不能"]),
        ("यह रक्त है", "रक", []),
        ("anything", "", []),
        ("anything", " \u00ad ", []),
        ("short", "longer than that", []),
    ],
)
def test_find(text: str, quote: str, places: list[str] | None) -> None:
    assert found(text, quote) == ([text] if places is None else places)


def test_fold_maps_back() -> None:
    folded = fold("ẞ…  É")
    assert folded.text == "ss... e\u0301"
    assert folded.starts == (0, 0, 1, 1, 1, 2, 4, 4)
    assert folded.ends == (1, 1, 2, 2, 2, 4, 5, 5)


@given(st.text())
def test_folding_twice_changes_nothing_and_spans_lie_in_order(text: str) -> None:
    folded = fold(text)
    assert fold(folded.text).text == folded.text
    assert len(folded.text) == len(folded.starts) == len(folded.ends)
    assert list(folded.starts) == sorted(folded.starts)
    assert all(0 <= a < b <= len(text) for a, b in zip(folded.starts, folded.ends, strict=True))


@given(st.text())
def test_forms_fold_alike(text: str) -> None:
    folded = fold(text).text
    for form in ("NFC", "NFD"):
        assert fold(unicodedata.normalize(form, text)).text == folded


WORDS = st.sampled_from(
    ["cell", "Cells", "blood", "body’s", "naïve", "ß", "…", "—", "5.5", "mg", "(a)", "marrow."]
)
TEXTS = st.lists(WORDS, min_size=1, max_size=30).map(" ".join)


@given(TEXTS, st.data())
def test_words_of_a_text_are_found_where_they_stand(text: str, data: st.DataObject) -> None:
    words = text.split()
    first = data.draw(st.integers(0, len(words) - 1))
    last = data.draw(st.integers(first, len(words) - 1))
    quote = " ".join(words[first : last + 1])
    start = len(" ".join([*words[:first], ""]))
    spans = find(fold(text), quote.upper())
    assert all(fold(text[a:b]).text == fold(quote).text for a, b in spans)
    assert any(a <= start < b for a, b in spans)


OLD = "At its core, aplastic anemia involves damage of stem cells within the marrow. They are multipotent."


@pytest.mark.parametrize(
    ("new", "status", "where"),
    [
        (OLD, "exact", "aplastic anemia involves damage of stem cells"),
        (OLD.replace("multi", "pluri"), "exact", "aplastic anemia involves damage of stem cells"),
        (f"Hello. {OLD}", "moved", "aplastic anemia involves damage of stem cells"),
        (OLD.replace("stem ", "stem\n"), "exact", "aplastic anemia involves damage of stem\ncells"),
        (OLD.replace("damage", "loss"), "changed", "aplastic anemia involves loss of stem cells"),
        (
            OLD.replace("anemia", "anaemia always"),
            "changed",
            "aplastic anaemia always involves damage of stem cells",
        ),
        (
            f"New. {OLD.replace('stem', 'all stem')}",
            "changed",
            "aplastic anemia involves damage of all stem cells",
        ),
        ("At its core, it is a disease. They are multipotent.", "missing", None),
        ("Nothing of the kind.", "missing", None),
        ("", "missing", None),
    ],
)
def test_place(new: str, status: str, where: str | None) -> None:
    result = again(OLD, "aplastic anemia involves damage of stem cells", new)
    assert result.status == status
    assert (new[result.start : result.end] if result.start is not None else None) == where


def test_among_several_the_context_decides() -> None:
    old = "Red cells die in the spleen. White cells die in the marrow."
    new = "New: white cells die in the marrow. Red cells die in the spleen. Blue cells die."
    start = old.rindex("cells die")
    result = place(fold(new), new, "cells die", *context(old, (start, start + 9)), (start, start + 9))
    assert result == Place("moved", 11, 20)


def test_among_equals_the_nearest_is_it() -> None:
    new = "one cell two " * 9
    assert place(fold(new), new, "cell", "", "", (45, 49)) == Place("moved", 43, 47)
    assert place(fold(new), new, "cell", "", "", (43, 47)) == Place("exact", 43, 47)


def test_another_quote_at_the_old_place_is_not_it() -> None:
    old = "Alfa: the drug helps many people. Beta: the drug helps nobody."
    new = "Beta: the drug helps nobody. Alfa: the drug helps many people."
    quote = "the drug helps"
    assert place(fold(new), new, quote, *context(old, (6, 20)), (6, 20)) == Place("moved", 35, 49)


def test_a_likelier_stray_does_not_win_over_the_setting() -> None:
    old = "At noon and at six the nurse gives iron to everyone on the ward. At night they sleep."
    new = "A nurse gives irons. At noon and at six the nurse brings some iron to everyone on the ward. Yes."
    for text in (new, f"{new[21:]} {new[:20]}"):
        result = again(old, "the nurse gives iron", text)
        assert result.status == "changed"
        assert text[result.start : result.end] == "the nurse brings some iron"


def test_changed_text_without_blanks() -> None:
    old = "他说骨髓不能制造足够的血细胞，这是一种病。"
    new = "她说骨髓不能制造很多的血细胞，这是一种病。"
    result = again(old, "骨髓不能制造足够的血细胞", new)
    assert result.status == "changed"
    assert new[result.start : result.end] == "骨髓不能制造很多的血细胞"


SENTENCES = [
    (reading.text, (passage.start, passage.end))
    for reading in READINGS
    for passage in split(reading.text, reading.blocks)
    if passage.kind == "sentence"
]
CITED = st.sampled_from(SENTENCES)


def moved_to(text: str, span: Span, new: str) -> Place:
    return place(fold(new), new, text[slice(*span)], *context(text, span), span)


@given(CITED)
def test_nothing_changed_is_exact(cited: tuple[str, Span]) -> None:
    text, span = cited
    assert moved_to(text, span, text) == Place("exact", *span)


@given(CITED, st.text(max_size=60), st.data())
def test_text_before_moves_it_by_just_that(cited: tuple[str, Span], more: str, data: st.DataObject) -> None:
    text, (start, end) = cited
    assume(more and start > CONTEXT)
    at = data.draw(st.integers(0, start - CONTEXT))
    new = text[:at] + more + text[at:]
    assert moved_to(text, (start, end), new) == Place("moved", start + len(more), end + len(more))


@given(CITED)
def test_a_deleted_sentence_is_missing(cited: tuple[str, Span]) -> None:
    text, (start, end) = cited
    assert moved_to(text, (start, end), text[:start] + text[end:]).status == "missing"


@given(CITED, st.sampled_from(["", "very", "human", "not always"]), st.data())
def test_a_word_changed_is_found_in_its_sentence(
    cited: tuple[str, Span], word: str, data: st.DataObject
) -> None:
    text, (start, end) = cited
    words = text[start:end].split()
    assume(len(words) > 6)
    index = data.draw(st.integers(2, len(words) - 3))
    edited = " ".join([*words[:index], *word.split(), *words[index + 1 :]])
    assume(word != words[index])
    new = text[:start] + edited + text[end:]
    result = moved_to(text, (start, end), new)
    assert result.status == "changed"
    assert result.start is not None
    assert result.end is not None
    assert start <= result.start < result.end <= start + len(edited)
    assert result.end - result.start > 0.8 * len(edited)


@pytest.mark.parametrize(
    ("here", "quote", "answers", "marked"),
    [
        ("damage of stem cells", "damage of stem cells", [(10, 20)], ["stem cells"]),
        (
            "Große “Zellen”—hier",
            'GROSSE "zellen"-HIER',
            [(0, 6), (7, 15), (16, 20)],
            ["Große", "“Zellen”", "hier"],
        ),
        (
            "stem\n  cells … die",
            "stem cells ... die",
            [(0, 10), (11, 14), (15, 18)],
            ["stem\n  cells", "…", "die"],
        ),
        ("stem cells", "  stem cells ", [(1, 8), (12, 13)], ["stem c"]),
        ("hematopoietic", "hematopoietic", [(0, 6)], ["hemato"]),
        (
            "damage or loss of most stem cells",
            "damage of stem cells",
            [(10, 20), (0, 6)],
            ["stem cells", "damage"],
        ),
        ("damage of the stem cell", "damage of stem cells", [(10, 20)], ["stem cell"]),
        ("damage of platelets", "damage of stem cells", [(10, 20), (0, 6)], ["damage"]),
        ("stem cells", "stem cells", [], []),
    ],
)
def test_project(here: str, quote: str, answers: list[Span], marked: list[str]) -> None:
    text = f"Before {here} after."
    spans = project(text, (7, 7 + len(here)), quote, answers)
    assert [here[start:end] for start, end in spans] == marked


@pytest.mark.parametrize(
    ("quote", "index"),
    [
        ("stem cells are multipotent", 1),
        ("the immune system targets the bone marrow", 2),
        ("The", 0),
        ("PANCYTOPENIA — a deficiency", 3),
    ],
)
def test_nearest(quote: str, index: int) -> None:
    sentences = [
        "The.",
        "These stem cells are multipotent, meaning that they develop into all types.",
        "The immune system mistakenly targets the bone marrow’s cells.",
        "The culmination of these is pancytopenia, a deficiency of all three.",
    ]
    assert nearest(quote, sentences) == index


def test_nearest_of_none() -> None:
    with pytest.raises(ValueError, match="empty"):
        nearest("anything", [])
