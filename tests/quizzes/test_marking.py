"""Typed answers: what is matched, what a person must decide, and that the machine never says wrong."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quizzes import marking, wording

SAME = [
    ("hematopoietic stem cells", "Hematopoietic stem cells."),
    ("the   bone marrow", "Bone marrow"),
    ("a compatible donor", "compatible donor"),
    ("compatible donor", "A compatible donor"),
    ("group a streptococcus", "Group A streptococcus"),
    ("patients own cells", "The patient's own cells"),
    ("Crohn disease", "Crohn’s disease"),
    ("stem cell", "stem cells"),
    ("biopsy", "biopsies"),
    ("diagnosis", "diagnoses"),
    ("bacterium", "bacteria"),
    ("nucleus", "nuclei"),
    ("virus", "viruses"),
    ("graft versus host disease", "graft-versus-host disease"),
    ("bonemarrow", "bone-marrow"),
    ("non malignant", "nonmalignant"),
    ("haematopoietic", "hematopoietic"),
    ("tumour", "tumor"),
    ("leukaemia", "leukemia"),
    ("oedema", "edema"),
    ("immunised", "immunized"),
    ("Sjogren syndrome", "Sjögren’s syndrome"),
    ("TNF-alpha", "TNF-α"),
    ("TNFα", "TNF-alpha"),
    ("interferon gamma", "interferon-γ"),
    ("3", "three"),
    ("twenty one days", "21 days"),
    ("forty", "40"),
    ("1000", "1,000"),
    ("10mg", "10 mg"),
    ("5 per cent", "5%"),
    ("0.50", ".5"),
    ("10^9", "10⁹"),
    ("CD-34", "CD34"),
    ("lymphocite", "lymphocyte"),
    ("lymhpocites", "lymphocytes"),
    ("hematopoeitic stem cells", "hematopoietic stem cells"),
    ("cytokin", "cytokine"),
    ("imunosuppresion", "immunosuppression"),
    ("−", "−"),
]

DIFFERENT = [
    ("autologous", "allogeneic"),
    ("stem cells", "hematopoietic stem cells"),
    ("cells stem", "stem cells"),
    ("not malignant", "malignant"),
    ("malignant", "non-malignant"),
    ("notable", "not able"),
    ("symptomatic", "asymptomatic"),
    ("sufficient", "insufficient"),
    ("hypotension", "hypertension"),
    ("hypertensions", "hypotension"),
    ("intercellular", "intracellular"),
    ("adduction", "abduction"),
    ("osteoclast", "osteoblast"),
    ("spondylosis", "spondylitis"),
    ("sulfite", "sulfate"),
    ("lactose", "lactase"),
    ("prednisone", "prednisolone"),
    ("millimeter", "milliliter"),
    ("kilogram", "kilograms per day"),
    ("5", "6"),
    ("5", "−5"),
    ("5", ".5"),
    ("5-10", "510"),
    ("1 0", "10"),
    ("1/2", "12"),
    ("109", "10⁹"),
    ("10 g", "10 mg"),
    ("CD3", "CD4"),
    ("x ≠ 3", "x = 3"),
    ("> 3", "< 3"),
    ("vitamin", "vitamin A"),
    ("group streptococcus", "Group A streptococcus"),
    ("positive", "A positive"),
    ("T cell", "B cell"),
    ("livar", "liver"),
    ("kadnep", "kidney"),
    ("+", "−"),
    ("कि", "की"),
    ("か", "が"),
]


@pytest.mark.parametrize(("given_text", "right"), SAME)
def test_said_otherwise_but_the_same(given_text: str, right: str) -> None:
    assert marking.mark(given_text, [right]) == "matched"


@pytest.mark.parametrize(("given_text", "right"), DIFFERENT)
def test_what_is_not_surely_the_same_is_left_open(given_text: str, right: str) -> None:
    assert marking.mark(given_text, [right]) == "open"
    assert marking.mark(right, [given_text]) == "open"


@pytest.mark.parametrize("nothing", ["", "   ", "\n\t"])
def test_nothing_is_blank(nothing: str) -> None:
    assert marking.mark(nothing, ["anything"]) == "blank"


def test_a_slip_is_not_forgiven_where_it_makes_a_known_word() -> None:
    assert marking.mark("allogenic", ["allogeneic"]) == "matched"
    assert marking.mark("allogenic", ["allogeneic"], ["Allogenic"]) == "open"
    assert marking.mark("allogenics", ["allogeneic"], ["allogenic"]) == "open"
    assert marking.mark("allogeneic", ["allogeneic"], ["allogeneic"]) == "matched"


def test_one_slip_in_six_letters_two_in_ten() -> None:
    assert marking.mark("kidnay", ["kidney"]) == "matched"
    assert marking.mark("kydnay", ["kidney"]) == "open"
    assert marking.mark("proliferatoin", ["proliferation"]) == "matched"
    assert marking.mark("prolifaratoin", ["proliferation"]) == "matched"
    assert marking.mark("prolefaratoin", ["proliferation"]) == "open"


def test_any_accepted_wording_will_do() -> None:
    assert marking.mark("GVHD", ["graft-versus-host disease", "GVHD"]) == "matched"


def test_the_diff_shows_the_words_as_written_against_the_nearest_answer() -> None:
    found = marking.diff("the Stem cells of blood", ["Hematopoietic stem cells", "bone"])
    assert found == (
        ("missing", "Hematopoietic"),
        ("extra", "the"),
        ("same", "Stem"),
        ("same", "cells"),
        ("extra", "of"),
        ("extra", "blood"),
    )


@pytest.mark.parametrize(
    ("given_text", "right", "akin"),
    [
        ("blood cells", "stem cells", True),
        ("Cell", "stem cells", True),
        ("twelve days", "12 weeks", True),
        ("the moon", "the sun", False),
        ("lack of iron", "loss of blood", False),
        ("kydnay", "kidney", False),
        ("blood — iron", "cells — lymph", False),
        ("", "stem cells", False),
    ],
)
def test_words_are_akin_where_one_agrees_that_says_something(given_text: str, right: str, akin: bool) -> None:
    assert marking.akin(marking.diff(given_text, [right])) == akin


def test_only_long_plain_words_are_worth_looking_up() -> None:
    assert marking.forgivable("not 10 milligrams of Cyclosporine in CD34 cells") == ["cyclosporine", "cells"]


@given(st.text(max_size=60))
@settings(max_examples=300)
def test_an_answer_always_matches_itself(text: str) -> None:
    assert marking.mark(text, [text]) == ("matched" if text.strip() else "blank")
    assert all(op == "same" for op, _ in marking.diff(text, [text]))


@given(st.text(max_size=40), st.text(max_size=40))
@settings(max_examples=300)
def test_the_diff_holds_every_word_of_both(ours: str, theirs: str) -> None:
    found = marking.diff(ours, [theirs])
    assert [word for op, word in found if op != "missing"] == ours.split()
    assert sum(op != "extra" for op, word in found) == len(theirs.split())


@given(st.lists(st.integers(0, 10**6), min_size=2, max_size=2, unique=True))
def test_numbers_that_differ_never_match(numbers: list[int]) -> None:
    one, other = numbers
    assert marking.mark(f"{one} mg", [f"{other} mg"]) == "open"


@pytest.mark.parametrize("value", range(100))
def test_number_words_are_read(value: int) -> None:
    spoken = {number: word for word, number in wording.NUMBERS.items()}
    text = spoken.get(value) or f"{spoken[value // 10 * 10]}-{spoken[value % 10]}"
    assert wording.words(text) == [str(value)]
