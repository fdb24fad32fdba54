"""Deck files: what each line means, and every mistake named with its line."""

import itertools
from pathlib import Path

import pytest

from cards import deckfile
from cards.exchange import Citation, Deck, InputError, Note, Option, Problem

HEAD = "deck: Aplastic anemia::Disease mechanism\nslug: mechanism\nsource: disease\n\n"
HEAD_LINES = 4

EXAMPLE = """\
deck: Aplastic anemia::Disease mechanism
slug: aplastic-anemia-mechanism
source: aplastic-anemia-disease-mechanism
tags: hematology

Q: Which cells does aplastic anemia damage or destroy?
A: Hematopoietic stem cells in the bone marrow.
E: Explanation shown with the answer. Lines go on
until the next key.
> aplastic anemia involves damage or destruction of **hematopoietic stem cells**
> within the bone marrow
id: k3v9q2m7xw
tags: stem-cells

C: T lymphocytes make {{c1::tumor necrosis factor-alpha::a cytokine}}.
> T lymphocytes

Q: Which transplant uses the patient's own stem cells?
- [x] Autologous
- [ ] Allogeneic
      These come from a donor.
- [ ] Syngeneic
> autologous
source: bone-marrow-transplantation-autoimmune
> a second citation
"""


def note(text: str) -> Note:
    (only,) = deckfile.parse(HEAD + text, "deck.md").notes
    return only


def problems(text: str) -> list[tuple[int, str]]:
    """(line below the header, what) of everything wrong with the notes in `text`."""
    with pytest.raises(InputError) as refused:
        deckfile.parse(HEAD + text, "deck.md")
    assert all(problem.file == "deck.md" and problem.mend for problem in refused.value.problems)
    return [(problem.line - HEAD_LINES, problem.what) for problem in refused.value.problems]


def test_the_example() -> None:
    mechanism = "aplastic-anemia-disease-mechanism"
    quote = (
        "aplastic anemia involves damage or destruction of hematopoietic stem cells within the bone marrow"
    )
    deck = deckfile.parse(EXAMPLE, "mechanism.md")
    assert deck == Deck(
        path=("Aplastic anemia", "Disease mechanism"),
        slug="aplastic-anemia-mechanism",
        source=mechanism,
        tags=("hematology",),
        notes=(
            Note(
                "basic",
                "Which cells does aplastic anemia damage or destroy?",
                "Hematopoietic stem cells in the bone marrow.",
                explanation="Explanation shown with the answer. Lines go on\nuntil the next key.",
                citations=(Citation(mechanism, quote, ((50, 74),)),),
                guid="k3v9q2m7xw",
                tags=("stem-cells",),
            ),
            Note(
                "cloze",
                "T lymphocytes make {{c1::tumor necrosis factor-alpha::a cytokine}}.",
                citations=(Citation(mechanism, "T lymphocytes"),),
            ),
            Note(
                "choice",
                "Which transplant uses the patient's own stem cells?",
                options=(
                    Option("Autologous", right=True),
                    Option("Allogeneic", reason="These come from a donor."),
                    Option("Syngeneic"),
                ),
                citations=(
                    Citation(mechanism, "autologous"),
                    Citation("bone-marrow-transplantation-autoimmune", "a second citation"),
                ),
            ),
        ),
    )
    assert quote[50:74] == "hematopoietic stem cells"
    assert deck.file == "mechanism.md"
    assert [n.line for n in deck.notes] == [6, 15, 18]
    assert [c.line for n in deck.notes for c in n.citations] == [10, 16, 23, 25]


def test_every_key() -> None:
    assert note(
        "Q: What is TNF?\nA: A cytokine.\nR: Name a cytokine.\nRA: TNF.\nE: Why.\ncaution: Dated.\n"
        "accept: a protein\naccept: a signal\nkind: reversed\nuse: quiz\n"
        "waive: F6 because short\nwaive: F2 too\nid: A-b_9\n"
        "tags: one, two,three  one\nsource: other\nat: 12\n> quote\n"
    ) == Note(
        "reversed",
        "What is TNF?",
        "A cytokine.",
        reverse_question="Name a cytokine.",
        reverse_answer="TNF.",
        explanation="Why.",
        caution="Dated.",
        accept=("a protein", "a signal"),
        use="quiz",
        waivers=("F6 because short", "F2 too"),
        guid="A-b_9",
        tags=("one", "two", "three"),
        citations=(Citation("other", "quote", at=12),),
    )


def test_r_alone_swaps_the_sides() -> None:
    swapped = note("Q: q\nA: a\nR:\n")
    assert (swapped.kind, swapped.reverse_question, swapped.reverse_answer) == ("reversed", "", "")


def test_several_right_options() -> None:
    several = note("Q: q\n- [x] a\n- [X] b\n- [ ] c\nkind: multi\n")
    assert (several.kind, several.multi) == ("choice", True)
    assert [option.right for option in several.options] == [True, True, False]


def test_the_header_may_pin_the_document() -> None:
    digits = "0123456789ABCDEF" * 4
    deck = deckfile.parse(f"deck: D\nslug: d\nsource: doc  sha256:{digits}\n", "d.md")
    assert (deck.source, deck.source_sha256, deck.notes) == ("doc", digits.lower(), ())


@pytest.mark.parametrize(
    ("written", "answer"),
    [
        ("A: one\ntwo", "one\ntwo"),
        ("A:\n\none", "one"),
        ("A: one\n\ntwo\n\n", "one\n\ntwo"),
        ("A: one\n  - two", "one\n  - two"),
        ("A:\tone\t", "one"),
        ("A:one", "one"),
        ("A: > one", "> one"),  # only column 0 speaks
        ("A: one\n Q: two", "one\n Q: two"),
        ("A: one\n\\Q: two", "one\nQ: two"),
        ("A: one\n\\Nope: two", "one\nNope: two"),
        ("A: one\n\\> two", "one\n> two"),
        ("A: one\n\\- [x] two", "one\n- [x] two"),
        ("A: one\n\\<!-- two -->", "one\n<!-- two -->"),
        ("A: one\n\\\\Q: two", "one\n\\Q: two"),
        ("A: one\n\\# two", "one\n\\# two"),  # nothing of ours: left to Markdown
        ("A: one\n\\\\ two", "one\n\\ two"),
        ("A: one\n<!-- a note to self -->\ntwo", "one\ntwo"),
        ("A: one\n<!--\nQ: asleep\n-->\ntwo", "one\ntwo"),
        ("A: one\nhttps://example.org is a place", "one\nhttps://example.org is a place"),
        ("A: one\n- [x](y) is a link", "one\n- [x](y) is a link"),
        ("A: one\na ratio 1: 2", "one\na ratio 1: 2"),
        ("A: one\x85two\u2028three\x0cfour", "one\x85two\u2028three\x0cfour"),  # these end no line
    ],
)
def test_values_run_on(written: str, answer: str) -> None:
    assert note(f"Q: q\n{written}\nid: n1\n") == Note("basic", "q", answer, guid="n1")


@pytest.mark.parametrize(
    ("written", "options"),
    [
        ("- [x] a\nstill a\n- [ ] b", (Option("a\nstill a", right=True), Option("b"))),
        ("- [x] a\n\n- [ ] b", (Option("a", right=True), Option("b"))),
        ("- [x] a\n\\  still a\n- [ ] b", (Option("a\n  still a", right=True), Option("b"))),
        (
            "- [x] a\n   one\n     two\n\n three\n- [ ] b",
            (Option("a", right=True, reason="one\n  two\n\nthree"), Option("b")),
        ),
        ("- [x] a\n\tone\n\t\ttwo\n- [ ] b", (Option("a", right=True, reason="one\n\ttwo"), Option("b"))),
        ("- [x] a\n  - [ ] one\n- [ ] b", (Option("a", right=True, reason="- [ ] one"), Option("b"))),
    ],
)
def test_options(written: str, options: tuple[Option, ...]) -> None:
    assert note(f"Q: q\n{written}\n").options == options


@pytest.mark.parametrize(
    ("written", "citations"),
    [
        ("> a\n> b", [("disease", "a b", (), None)]),
        (">a\n>   b  ", [("disease", "a b", (), None)]),
        ("> a\n<!-- c -->\n> b", [("disease", "a b", (), None)]),
        ("> a\n>\n> b", [("disease", "a\n\nb", (), None)]),
        (">\n> a\n>\n>\n> b\n>", [("disease", "a\n\nb", (), None)]),
        ("> a\n\n> b", [("disease", "a", (), None), ("disease", "b", (), None)]),
        ("> a\nE: e\n> b", [("disease", "a", (), None), ("disease", "b", (), None)]),
        ("at: 2\n> a\n\n> b", [("disease", "a", (), 2), ("disease", "b", (), None)]),
        ("source: x\n> a\n\n> b", [("x", "a", (), None), ("x", "b", (), None)]),
        (
            "> a\nat: 7\nsource: x\n> b\nsource: disease\n> c",
            [("disease", "a", (), None), ("x", "b", (), 7), ("disease", "c", (), None)],
        ),
        ("> **a** b **c d**", [("disease", "a b c d", ((0, 1), (4, 7)), None)]),
        ("> x **a\n> b** y", [("disease", "x a b y", ((2, 5),), None)]),
        ("> **a**\n>\n> b", [("disease", "a\n\nb", ((0, 1),), None)]),
        ("> **a****b**", [("disease", "ab", ((0, 1), (1, 2)), None)]),
        (r"> 2 \*\* 3, a\*b, c:\\d, \n", [("disease", r"2 ** 3, a*b, c:\d, \n", (), None)]),
        ("> p < 0.05* **b**", [("disease", "p < 0.05* b", ((10, 11),), None)]),
        ("> 𝛼 **β** γ", [("disease", "𝛼 β γ", ((2, 3),), None)]),  # code points
        ("> > deeper", [("disease", "> deeper", (), None)]),
    ],
)
def test_citations(
    written: str, citations: list[tuple[str, str, tuple[tuple[int, int], ...], int | None]]
) -> None:
    assert list(note(f"Q: q\nA: a\n{written}\n").citations) == [Citation(*parts) for parts in citations]


@pytest.mark.parametrize(
    ("header", "found"),
    [
        ("", [(1, "no deck"), (1, "no slug")]),
        ("deck: D\n", [(1, "no slug")]),
        ("deck: D\nslug: ü\n", [(2, "not a slug")]),
        ("deck: D\nslug: a b\n", [(2, "not a slug")]),
        ("deck: D\nslug:\n", [(2, "not a slug")]),
        ("deck: D::\nslug: d\n", [(1, "is empty")]),
        ("deck: D::" + "n" * 201 + "\nslug: d\n", [(1, "too long")]),
        ("deck: D\nslug: d\nauthor: x\n", [(3, "no key `author:`")]),
        ("deck: D\nslug: d\nslug: e\n", [(3, "twice")]),
        ("deck: D\nslug: d\nsource: a b\n", [(3, "“b” is not a checksum")]),
        ("deck: D\nslug: d\nsource: a sha256:12\n", [(3, "not a checksum")]),
        ("deck: D\nslug: d\ntags: " + "t" * 121, [(3, "too long")]),
        ("deck: D\nslug: d\n\nHello.\n\nA: early\n> quote\n", [(4, "before"), (6, "before"), (7, "before")]),
        ("deck: D\nslug: d\n<!-- open\n", [(3, "never closed")]),
        ("deck: D\x00\nslug: d\n", [(1, "NUL")]),
    ],
)
def test_problems_of_the_header(header: str, found: list[tuple[int, str]]) -> None:
    with pytest.raises(InputError) as refused:
        deckfile.parse(header, "deck.md")
    assert [problem.line for problem in refused.value.problems] == [line for line, _ in found]
    for problem, (_, what) in zip(refused.value.problems, found, strict=True):
        assert what in problem.what


@pytest.mark.parametrize(
    ("text", "line", "what"),
    [
        ("Q: q\nA: a\nHint: h", 3, "no key `Hint:`"),
        ("Q: q\nA: a\nslug: h", 3, "no key `slug:`"),
        ("Q: q\na: a\nA: b", 2, "no key `a:`"),
        ("Q: q\nA: a\nA: b", 3, "`A:` stands twice"),
        ("Q: q\nA: a\nid: a\nid: b", 4, "`id:` stands twice"),
        ("Q:\nA: a", 1, "question is empty"),
        ("Q: q", 1, "no answer"),
        ("Q: q\nA:", 1, "no answer"),
        ("Q: q\nA: a\n- [x] b\n- [ ] c", 2, "both `A:` and options"),
        ("C: nothing hidden", 1, "hides nothing"),
        ("C: {{c1::open", 1, "not closed"),
        ("C: {{c1::a}}\nA: a", 2, "no `A:`"),
        ("C: {{c1::a}}\nR:", 2, "no `R:`"),
        ("C: {{c1::a}}\n- [x] a", 2, "no options"),
        ("Q: q\n- [ ] a\n- [ ] b", 2, "No option is marked right"),
        ("Q: q\n- [x] a\n- [x] b", 2, "Several options"),
        ("Q: q\n- [x] a\n- [x] b\nkind: choice", 2, "Several options"),
        ("Q: q\n- [x] a", 2, "single option"),
        ("Q: q\n- [x] a\n- [ ]", 3, "no words"),
        ("Q: q\n- [x] a\n- [ ] b\nR:", 4, "no `R:`"),
        ("Q: q\n- [x] a\n- [] b\n- [ ] c", 3, "looks like an option"),
        ("Q: q\n- [x] a\n* [x] b\n- [ ] c", 3, "looks like an option"),
        ("Q: q\n- [x] a\n- [x]b\n- [ ] c", 3, "looks like an option"),
        ("Q: q\n- [x] a\n  why\nstray\n- [ ] b", 4, "follows an option's reason"),
        ("Q: q\nA: a\nR: r", 3, "one side of the reverse"),
        ("Q: q\nA: a\nRA: r", 3, "one side of the reverse"),
        ("Q: q\nA: a\naccept:", 3, "no words"),
        ("Q: q\nA: a\nid: ä", 3, "not an id"),
        ("Q: q\nA: a\nid: a b", 3, "not an id"),
        ("Q: q\nA: a\nid:", 3, "not an id"),
        ("Q: q\nA: a\nid: " + "i" * 65, 3, "not an id"),
        ("Q: q\nA: a\nuse: exam", 3, "not a use"),
        ("Q: q\nA: a\nkind: table", 3, "not a kind"),
        ("Q: q\nA: a\nkind:", 3, "not a kind"),
        ("Q: q\nA: a\nkind: reversed", 3, "what is written is basic"),
        ("Q: q\nA: a\nkind: multi", 3, "what is written is basic"),
        ("Q: q\nA: a\nR:\nkind: basic", 4, "what is written is reversed"),
        ("Q: q\nA: a\nat: 0\n> b", 3, "no passage number"),
        ("Q: q\nA: a\nat: two\n> b", 3, "no passage number"),
        ("Q: q\nA: a\n> b\nat: 2", 4, "No quote follows `at:`"),
        ("Q: q\nA: a\n> b\nsource: x", 4, "No quote follows `source:`"),
        ("Q: q\nA: a\nat: 1\nat: 2\n> b", 4, "twice before one quote"),
        ("Q: q\nA: a\nsource: ü\n> b", 3, "not a slug"),
        ("Q: q\nA: a\n> b **c", 3, "never closed"),
        ("Q: q\nA: a\n> b ****", 3, "marks nothing"),
        ("Q: q\nA: a\n> b ** **", 3, "marks nothing"),
        ("Q: q\nA: a\n>", 3, "quote is empty"),
        ("Q: q\nA: a\n> b\nlazy", 4, "follows a quote"),
        ("Q: q\nA: a\n> b\n\nstray", 5, "follows a quote"),
        ("Q: q\nA: a\n<!-- x --> y", 3, "behind a comment"),
        ("Q: q\nA: a\n<!-- x\nQ: r", 3, "never closed"),
        ("Q: q\nA: a\x00b", 2, "NUL"),
        ("Q: q\nA: a\ntags: " + "t" * 121, 3, "too long"),
    ],
)
def test_problems_of_a_note(text: str, line: int, what: str) -> None:
    ((found, said),) = problems(text)
    assert (found, what in said) == (line, True), said


def test_a_quote_needs_a_document() -> None:
    with pytest.raises(InputError, match=r"deck\.md:5: The quote names no document"):
        deckfile.parse("deck: D\nslug: d\nQ: q\nA: a\n> b\n", "deck.md")


def test_every_problem_is_told_at_once_in_order() -> None:
    found = problems("Q: q\n\nC: none\n\nQ: r\nA: a\nid: same\n\nQ: s\nA: a\nid: same\nuse: x\n")
    assert [line for line, _ in found] == [1, 3, 11, 12]
    assert f"stands in line {HEAD_LINES + 7} too" in found[2][1]


def test_a_problem_says_how_to_mend_it() -> None:
    with pytest.raises(InputError) as refused:
        deckfile.parse(HEAD + "Q: q\nA: a\nTags: x\n", "deck.md")
    assert refused.value.problems == (
        Problem(
            "deck.md",
            7,
            "A note has no key `Tags:`.",
            "Did you mean `tags:`? Its keys are Q, A, C, E, R, RA, id, tags, accept, kind, caution, use,"
            " waive, source, at; put \\ before the line to keep it as text.",
        ),
    )


@pytest.mark.parametrize("newline", ["\r\n", "\r", "\n"])
@pytest.mark.parametrize("bom", ["", "\ufeff"])
def test_any_line_break_and_a_mark_at_the_start_read_alike(newline: str, bom: str) -> None:
    assert deckfile.parse(bom + EXAMPLE.replace("\n", newline), "m.md") == deckfile.parse(EXAMPLE, "m.md")


def ids() -> itertools.chain[str]:
    return itertools.chain(f"new{number}" for number in itertools.count(1))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Q: q\nA: a", "Q: q\nA: a\nid: new1"),
        ("Q: q\nA: a\n", "Q: q\nA: a\nid: new1\n"),
        ("Q: q\nA: a\n\n\n", "Q: q\nA: a\nid: new1\n\n\n"),
        ("Q: q\nA: a\n\nmore\n", "Q: q\nA: a\n\nmore\nid: new1\n"),
        ("Q: q\nA: a\nid: x\n> b\n", "Q: q\nA: a\nid: x\n> b\n"),
        ("Q: q\nA: a\nid:x\n\nC: {{c1::b}}\n", "Q: q\nA: a\nid:x\n\nC: {{c1::b}}\nid: new1\n"),
        ("Q: q\n- [x] a\n- [ ] b\n  c\n\nQ: r", "Q: q\n- [x] a\n- [ ] b\n  c\nid: new1\n\nQ: r\nid: new2"),
        ("Q: q\nA: a\n\n<!-- of r -->\nQ: r\n", "Q: q\nA: a\nid: new1\n\n<!-- of r -->\nQ: r\nid: new2\n"),
        ("Q: q\nA: a\n<!--\nid: x\n-->\n", "Q: q\nA: a\nid: new1\n<!--\nid: x\n-->\n"),
        ("Q: q\nA: a\n\\id: x\n", "Q: q\nA: a\n\\id: x\nid: new1\n"),
        ("Q: q\nA: a\n \t \n", "Q: q\nA: a\nid: new1\n \t \n"),
    ],
)  # fmt: skip
def test_ids_go_below_the_last_words(before: str, after: str) -> None:
    assert deckfile.assign_ids(HEAD + before, ids().__next__) == HEAD + after
    crlf = (HEAD + before).replace("\n", "\r\n")
    assert deckfile.assign_ids("\ufeff" + crlf, ids().__next__) == "\ufeff" + (HEAD + after).replace(
        "\n", "\r\n"
    )


def test_a_file_with_ids_is_left_alone() -> None:
    named = deckfile.assign_ids(EXAMPLE, ids().__next__)
    assert named.splitlines().count("id: new1") == 1
    assert deckfile.assign_ids(named, ids().__next__) == named


def test_a_written_deck_looks_as_people_write_it() -> None:
    assert deckfile.serialise(deckfile.parse(EXAMPLE, "m.md")) == EXAMPLE.replace("\n> within", " within")


def test_the_example_in_the_docs_uses_every_kind() -> None:
    page = (Path(__file__).parents[2] / "docs" / "deck-files.md").read_text(encoding="utf-8")
    deck = deckfile.parse(page.split("```\n")[1], "docs/deck-files.md")
    assert [n.kind for n in deck.notes] == ["basic", "cloze", "reversed", "choice"]
    assert deck.notes[0].explanation.count("\n\n") == 1
    assert (deck.notes[3].multi, deck.notes[3].use, deck.notes[3].citations[0].at) == (True, "quiz", 12)
