"""Deck files, there and back: any deck that is written reads back as it was."""

import itertools
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from cards import deckfile
from cards.exchange import Citation, Deck, InputError, Note, Option

NASTY = [
    *(
        "Q: no",
        "C:",
        "A:x",
        "RA: x",
        "id: x",
        "Hint: x",
        "deck: x",
        "> x",
        ">",
        "- [x] x",
        "- [ ]",
        "- [x",
        "* [] x",
    ),
    *(
        "<!-- x -->",
        "<!--",
        "-->",
        "\\",
        "\\\\",
        "\\Q: x",
        "\\\\> x",
        "\\ x",
        "\\<!--",
        "  x",
        "\tx",
        "   ",
        "",
        "# x",
    ),
    *(
        "**x**",
        "***",
        "\\*\\*",
        "x  ",
        "{{c1::x}}",
        "::",
        "- [x](y)",
        "é 𝛼 ‏x",
        "\u2028",
        "\x85x",
        "\xa0x",
        "\x1fx",
    ),
    *("https://x", "x: y", "\ufeffx", "---", "at: 0", "~~~"),
]
GOOD = [
    *("deck: D", "slug: d", "source: doc", "", "Q: q", "A: a", "C: {{c1::x}}", "- [x] right", "- [ ] wrong"),
    *(
        "      reason",
        "R:",
        "E: e",
        "> a **b** c",
        "id: n1",
        "tags: t",
        "source: other",
        "at: 2",
        "kind: multi",
    ),
]
lines = st.one_of(st.sampled_from(NASTY), st.text("Qx:> -[]<!\\*\t \u2028é", max_size=8))
anything = st.lists(lines, max_size=5).map("\n".join)
texts = anything.map(str.strip)
words = texts.filter(bool)
slugs = st.from_regex(r"[A-Za-z0-9_-]{1,12}", fullmatch=True)
names = st.text(st.characters(exclude_characters=":", exclude_categories=["C", "Z"]), min_size=1, max_size=9)
tags = st.lists(
    st.text(st.characters(exclude_characters=",", exclude_categories=["C", "Z"]), min_size=1, max_size=9),
    max_size=3,
    unique=True,
).map(tuple)  # fmt: skip


def tidy_quote(text: str) -> str:
    """A quote as a file can hold it: paragraphs of one line, none empty, no space at their ends."""
    return "\n\n".join(filter(None, (line.strip() for line in text.split("\n"))))


@st.composite
def citations(draw: st.DrawFn) -> Citation:
    quote = draw(anything.map(tidy_quote).filter(bool))
    edges = sorted(draw(st.lists(st.integers(0, len(quote)), max_size=6)))
    spans = zip(edges[::2], edges[1::2], strict=False)
    answers = tuple(
        (start, end) for start, end in spans if quote[start:end].strip() == quote[start:end] != ""
    )
    return Citation(draw(slugs), quote, answers, draw(st.none() | st.integers(1, 999)))


@st.composite
def options(draw: st.DrawFn, multi: bool) -> tuple[Option, ...]:
    drawn = draw(st.lists(st.builds(Option, words, st.just(False), texts), min_size=2, max_size=4))
    right = draw(st.sets(st.integers(0, len(drawn) - 1), min_size=1, max_size=len(drawn) if multi else 1))
    return tuple(replace(option, right=index in right) for index, option in enumerate(drawn))


@st.composite
def notes(draw: st.DrawFn) -> Note:
    kind = draw(st.sampled_from(["basic", "reversed", "cloze", "choice"]))
    multi = kind == "choice" and draw(st.booleans())
    reverse = draw(st.tuples(words, words) | st.just(("", ""))) if kind == "reversed" else ("", "")
    inert = words.map(lambda text: text.replace("{{", "{ {"))
    return Note(
        kind=kind,  # type: ignore[arg-type]
        question=draw(inert.map(lambda text: text + "\n{{c1::x}}") if kind == "cloze" else words),
        answer=draw(words) if kind in ("basic", "reversed") else "",
        reverse_question=reverse[0],
        reverse_answer=reverse[1],
        explanation=draw(texts),
        caution=draw(texts),
        options=draw(options(multi)) if kind == "choice" else (),
        multi=multi,
        accept=draw(st.lists(words, max_size=2).map(tuple)),
        use=draw(st.sampled_from(["study", "quiz", "both"])),
        tags=draw(tags),
        waivers=draw(st.lists(words, max_size=2).map(tuple)),
        citations=draw(st.lists(citations(), max_size=3).map(tuple)),
    )


@st.composite
def decks(draw: st.DrawFn) -> Deck:
    numbered = enumerate(draw(st.lists(notes(), max_size=3)))
    source = draw(st.just("") | slugs)
    return Deck(
        path=draw(st.lists(names, min_size=1, max_size=3).map(tuple)),
        slug=draw(slugs),
        notes=tuple(replace(n, guid=draw(st.sampled_from(["", f"n-{index}"]))) for index, n in numbered),
        tags=draw(tags),
        source=source,
        source_sha256=draw(st.just("") | st.just("0a" * 32)) if source else "",
    )


@given(decks())
def test_what_is_written_reads_back(deck: Deck) -> None:
    written = deckfile.serialise(deck)
    assert deckfile.parse(written, "deck.md") == deck
    assert deckfile.serialise(deckfile.parse(written, "deck.md")) == written


@given(decks())
def test_it_reads_back_with_other_line_breaks_too(deck: Deck) -> None:
    assert deckfile.parse(deckfile.serialise(deck).replace("\n", "\r\n"), "deck.md") == deck


@given(decks())
def test_assigned_ids_change_nothing_else(deck: Deck) -> None:
    written = deckfile.serialise(deck)
    fresh, missing = itertools.count(1), itertools.count(1)
    named = deckfile.assign_ids(written, lambda: f"new{next(fresh)}")
    expected = tuple(n if n.guid else replace(n, guid=f"new{next(missing)}") for n in deck.notes)
    assert deckfile.parse(named, "deck.md") == replace(deck, notes=expected)
    assert [line for line in named.split("\n") if not line.startswith("id: new")] == written.split("\n")


@given(anything, anything.filter(str.strip), st.lists(st.integers(0, 30), max_size=4))
def test_untidy_values_are_tidied_once(text: str, quote: str, edges: list[int]) -> None:
    """Space around values goes and quotes are joined; after that the file and the values agree."""
    spans = tuple(zip(edges[::2], edges[1::2], strict=False))
    cited = Citation("doc", quote.replace("\n", "\r\n"), spans)
    untidy = Note("basic", f" q{text}\r\n", f"\n a{text} ", explanation=text, citations=(cited,))
    written = deckfile.serialise(Deck(("D",), "d", (untidy,)))
    (read,) = deckfile.parse(written, "d.md").notes
    assert (read.question, read.explanation) == (f"q{text}".strip(), text.strip())
    assert read.citations[0].quote.split() == quote.split()
    assert deckfile.parse(deckfile.serialise(Deck(("D",), "d", (read,))), "d.md").notes == (read,)


@given(st.lists(st.sampled_from([*NASTY, *GOOD]), max_size=30))
def test_any_file_is_read_or_refused_with_lines_that_exist(drawn: list[str]) -> None:
    try:
        deck = deckfile.parse("\n".join(drawn), "deck.md")
    except InputError as error:
        assert {problem.line for problem in error.problems} <= set(range(1, max(len(drawn), 1) + 1))  # noqa: PT017
    else:
        assert deckfile.parse(deckfile.serialise(deck), "deck.md") == deck


def test_a_foreign_note_is_written_as_question_and_answer() -> None:
    foreign = Note("rendered", "<b>front</b>", "back", guid="abc")
    written = deckfile.serialise(Deck(("D",), "d", (foreign,)))
    assert deckfile.parse(written, "d.md").notes == (replace(foreign, kind="basic"),)
