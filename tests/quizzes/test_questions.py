"""Which cards a quiz can ask, in which form, and which are drawn together."""

from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cards import cloze
from cards.exchange import Note, Option
from quizzes.questions import Candidate, draw, pose

TYPES = Note(
    "choice",
    "Which?",
    options=(Option("Own", True), Option("Donor’s", reason="That is allogeneic."), Option("Twin’s")),
)


def plain(markdown: str) -> str:
    return markdown.replace("*", "").strip()


def posed(note: Note, ordinal: int = 0, seed: str = "1"):  # type: ignore[no-untyped-def]
    return pose(note, ordinal, plain, seed)


def test_a_choice_keeps_every_option_with_its_reason_in_an_order_of_its_own() -> None:
    orders = {posed(TYPES, seed=str(seed)).options for seed in range(60)}
    assert len(orders) == 6
    assert all(set(order) == set(TYPES.options) for order in orders)
    assert posed(TYPES, seed="7") == posed(TYPES, seed="7")
    assert posed(TYPES).form == "choice"


def test_several_right_are_several_right() -> None:
    several = replace(TYPES, multi=True, options=(Option("a", True), Option("b", True), Option("c")))
    assert posed(several).form == "multi"
    assert posed(replace(several, multi=False)) is None


@pytest.mark.parametrize(
    "note",
    [
        replace(TYPES, options=(Option("a"), Option("b"))),
        replace(TYPES, multi=True, options=(Option("a", True), Option("b", True))),
        replace(TYPES, use="study"),
        Note("rendered", "?", "short"),
        Note("basic", "Why?", "Because of one two three four five."),
        Note("basic", "Why?", "***"),
        Note("cloze", "{{c1::one two three four five six seven}} here"),
        Note("cloze", "{{c1::red}} and {{c1::white}} cells"),
    ],
)
def test_what_a_quiz_cannot_ask(note: Note) -> None:
    assert posed(note) is None


def test_a_short_answer_is_typed_and_a_long_one_if_other_wordings_are_given() -> None:
    six = Note("basic", "What?", "**one** two three four five six", explanation="So.", accept=("6",))
    assert posed(six).form == "typed"
    assert posed(six).answers == ("**one** two three four five six", "6")
    assert posed(six).explanation == "So."
    assert posed(replace(six, answer=six.answer + " seven")).answers[1:] == ("6",)
    assert posed(replace(six, answer=six.answer + " seven", accept=())) is None


def test_a_reversed_note_is_asked_from_both_sides() -> None:
    note = Note("reversed", "Own cells", "Autologous", accept=("auto",))
    assert posed(note, 0).answers == ("Autologous", "auto")
    assert (posed(note, 1).stem, posed(note, 1).answers) == ("Autologous", ("Own cells",))
    worded = replace(note, reverse_question="What is autologous?", reverse_answer="From oneself")
    assert (posed(worded, 1).stem, posed(worded, 1).answers) == ("What is autologous?", ("From oneself",))


def test_a_cloze_keeps_one_blank_and_fills_the_others() -> None:
    note = Note("cloze", r"{{c1::T cells}} make \{{x}} {{c3::cytokines::messengers}} and {{c1::T cells}}.")
    asked = posed(note, 2)
    assert asked.form == "cloze"
    assert asked.answers == ("cytokines",)
    assert asked.stem == r"T cells make \{{x}} {{c1::cytokines::messengers}} and T cells."
    assert posed(note, 0).stem == r"{{c1::T cells}} make \{{x}} cytokines and {{c1::T cells}}."
    assert cloze.numbers(asked.stem) == [1]


def test_a_filled_deletion_cannot_begin_another() -> None:
    asked = posed(Note("cloze", r"{{c1::a \{\{c9\:\:b}} is {{c2::x}}"), 1)
    assert "".join(piece.text for piece in cloze.segments(asked.stem, 0)) == "a {{c9::b is x"
    assert [deletion.answer for deletion in cloze.parse(asked.stem)] == ["x"]


def test_other_wordings_of_a_cloze_count_where_it_is_plain_which_blank_they_are_for() -> None:
    one = Note("cloze", "{{c1::tumor necrosis factor}} is a cytokine", accept=("TNF",))
    assert posed(one).answers == ("tumor necrosis factor", "TNF")
    two = replace(one, question="{{c1::tumor necrosis factor}} is a {{c2::cytokine}}")
    assert posed(two, 1).answers == ("cytokine",)


def candidate(card: int, form: str = "typed", note: int | None = None, *places: int) -> Candidate:
    return Candidate(card, card if note is None else note, form, frozenset((1, place) for place in places))  # type: ignore[arg-type]


def test_the_forms_take_turns() -> None:
    many = [candidate(n) for n in range(30)] + [candidate(n, "choice") for n in range(30, 34)]
    drawn = draw([*many, candidate(50, "cloze")], 10, seed=1)
    assert Counter(c.form for c in drawn) == {"typed": 5, "choice": 4, "cloze": 1}


def test_never_two_of_one_note() -> None:
    assert len(draw([candidate(n, "cloze", 1) for n in range(5)], 10, seed=1)) == 1


def test_one_sentence_twice_only_where_there_is_not_enough_else() -> None:
    close = [candidate(n, "typed", None, 4, n) for n in range(5)]
    apart = [candidate(n, "typed", None, 100 + n) for n in range(10, 19)]
    for seed in range(20):
        drawn = draw([*close, *apart], 10, seed)
        assert sum(c in close for c in drawn) == 1
    assert len(draw([*close, *apart], 12, seed=1)) == 12


def test_the_same_seed_draws_the_same_whatever_the_order() -> None:
    many = [candidate(n, form) for n, form in enumerate(["typed", "choice", "cloze"] * 10)]
    assert draw(many, 10, seed=5) == draw(reversed(many), 10, seed=5)
    assert draw(many, 10, seed=5) != draw(many, 10, seed=6)


@given(
    st.lists(
        st.tuples(st.sampled_from(["typed", "choice"]), st.integers(0, 4), st.integers(0, 4)), max_size=20
    ),
    st.integers(0, 12),
)
def test_as_many_as_there_are_notes(rows: list[tuple[str, int, int]], count: int) -> None:
    candidates = [candidate(card, form, note, place) for card, (form, note, place) in enumerate(rows)]
    drawn = draw(candidates, count, seed=3)
    assert len(drawn) == min(count, len({c.note for c in candidates}))
    assert len({c.note for c in drawn}) == len(drawn)
