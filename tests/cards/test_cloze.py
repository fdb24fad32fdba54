"""Cloze texts: deletions, hints, escapes, what a card shows and what is refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cards import cloze
from cards.cloze import ClozeError, Deletion, Segment


@pytest.mark.parametrize(
    ("text", "number", "answer", "hint"),
    [
        ("{{c1::marrow}}", 1, "marrow", ""),
        ("{{c12::marrow::a tissue}}", 12, "marrow", "a tissue"),
        ("{{c01::marrow}}", 1, "marrow", ""),
        ("{{c500::marrow}}", 500, "marrow", ""),
        ("{{c1::marrow::}}", 1, "marrow", ""),
        ("{{c1::std::vector::a type}}", 1, "std::vector", "a type"),  # the last :: divides
        (r"{{c1::std\::vector}}", 1, "std::vector", ""),
        (r"{{c1::std\::vector::a \:: b}}", 1, "std::vector", "a :: b"),
        (r"{{c1::a:::b}}", 1, "a:", "b"),
        (r"{{c1::a\:::b}}", 1, "a:", "b"),
        (r"{{c1::{x\}\}}}", 1, "{x}}", ""),
        (r"{{c1::\{{x\}\}}}", 1, "{{x}}", ""),
        (r"{{c1::a\*b}}", 1, r"a\*b", ""),  # Markdown's escape is left to Markdown
        (r"{{c1::a\\}}", 1, r"a\\", ""),  # an escaped backslash does not hold the brace
        (r"{{c1::a\\::b}}", 1, r"a\\", "b"),
        ("{{c1::two\nlines}}", 1, "two\nlines", ""),
        ("{{c1::ratio 1:2}}", 1, "ratio 1:2", ""),
    ],
)
def test_one_deletion(text: str, number: int, answer: str, hint: str) -> None:
    assert cloze.parse(text) == [Deletion(number, answer, hint, 0, len(text))]


def test_positions_are_those_of_the_written_text() -> None:
    text = r"α \{{ {{c2::one}} and {{c1::two::hint}}."
    assert [text[d.start : d.end] for d in cloze.parse(text)] == ["{{c2::one}}", "{{c1::two::hint}}"]
    assert cloze.numbers(text) == [1, 2]


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("", "hides nothing"),
        ("no deletion", "hides nothing"),
        (r"\{{c1::kept}}", "hides nothing"),
        ("{{c1::open", "not closed"),
        (r"{{c1::open\}}", "not closed"),
        ("{{c1::ok}} and {{c2::open", "“{{c2::open” is not closed"),
        ("{{c1:a}}", "not a deletion"),
        ("{{c::a}}", "not a deletion"),
        ("{{C1::a}}", "not a deletion"),
        ("{{c1::a}} {{field}}", "“{{field}}” is not a deletion"),
        ("{{c1::a {{c2::b}} c}}", "another deletion inside"),
        ("{{c0::a}}", "c0 is not a card number"),
        ("{{c501::a}}", "c501 is not a card number"),
        ("{{c" + "9" * 5000 + "::a}}", "not a card number"),
        ("{{c١::a}}", "not a deletion"),
        ("{{c1::}}", "no answer"),
        ("{{c1:: ::hint}}", "no answer"),
        ("{{c1::::hint}}", "no answer"),
    ],
)
def test_refused(text: str, what: str) -> None:
    with pytest.raises(ClozeError) as refused:
        cloze.parse(text)
    assert what in refused.value.what
    assert refused.value.mend in str(refused.value)


def test_a_card_hides_its_own_number_everywhere_and_shows_the_others() -> None:
    text = "A {{c1::T cell::which?}} makes {{c2::interferon}}, another {{c1::B cell}}."
    assert cloze.segments(text, 1) == [
        Segment("A ", "plain"),
        Segment("T cell", "hidden", "which?"),
        Segment(" makes ", "plain"),
        Segment("interferon", "other"),
        Segment(", another ", "plain"),
        Segment("B cell", "hidden"),
        Segment(".", "plain"),
    ]


def filled(text: str) -> str:
    """The text with every deletion replaced by its answer."""
    return "".join(segment.text for segment in cloze.segments(text, 0))


def test_braces_outside_a_deletion_can_be_shown() -> None:
    assert filled(r"\{{a\}} is {{c1::b}}") == "{{a}} is b"


words = st.text("ab{}:\\* \nπ", max_size=12)


def written(text: str) -> str:
    """`text` so that it means itself in a cloze: only what Markdown would unescape keeps its backslash."""
    return "".join("\\" + char if char in "{}:" else char for char in text.replace("\\", "\\\\"))


def shown(text: str) -> str:
    return text.replace("\\", "\\\\")


@st.composite
def clozes(draw: st.DrawFn) -> tuple[str, list[tuple[str, int, str, str]]]:
    """A written cloze text, and its parts: (text before, number, answer, hint)."""
    part = st.tuples(words, st.integers(1, 9), words.filter(str.strip), words)
    parts = draw(st.lists(part, min_size=1, max_size=4))
    text = "".join(f"{written(b)}{{{{c{n}::{written(a)}::{written(h)}}}}}" for b, n, a, h in parts)
    return text, parts


@given(clozes())
def test_what_is_written_is_read(case: tuple[str, list[tuple[str, int, str, str]]]) -> None:
    text, parts = case
    assert [(d.number, d.answer, d.hint) for d in cloze.parse(text)] == [
        (number, shown(answer), shown(hint).strip()) for _, number, answer, hint in parts
    ]
    assert filled(text) == "".join(shown(before) + shown(answer) for before, _, answer, _ in parts)
    for number in cloze.numbers(text):
        segments = cloze.segments(text, number)
        assert "".join(segment.text for segment in segments) == filled(text)
        assert sum(s.state == "hidden" for s in segments) == sum(part[1] == number for part in parts)


@given(st.text("ab{}:\\c1 ", max_size=40))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        deletions = cloze.parse(text)
    except ClozeError:
        return
    assert all(text[d.start : d.end].startswith("{{c") and d.answer.strip() for d in deletions)
