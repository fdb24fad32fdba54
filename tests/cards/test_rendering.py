"""Cards as HTML: what stands in for a cloze's blanks must never be mistaken for text, nor text for it."""

import re
from html.parser import HTMLParser

import pytest

from cards import rendering
from cards.models import Note

OPEN, CLOSE = "\ue000", "\ue001"


class Attributes(HTMLParser):
    """The values of every attribute in some HTML."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.values: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.values += [value or "" for _, value in attrs]


def sides(text: str, number: int = 1) -> tuple[str, str]:
    return rendering.cloze_sides(text, number)


def words(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", "", html).split())


@pytest.mark.parametrize(
    ("text", "number", "front", "back"),
    [
        ("{{c1::Sun}} warms.", 1, "blank […] warms.", "Sun warms."),
        ("{{c1::Sun::a star}} and {{c2::sea}}.", 1, "blank, hint: [a star] and sea.", "Sun and sea."),
        ("{{c1::One}} and {{c1::two}}.", 1, "blank […] and blank […].", "One and two."),
        ("**{{c1::Bold}}** <0.5", 1, "blank […] &lt;0.5", "Bold &lt;0.5"),
    ],
)
def test_cloze(text: str, number: int, front: str, back: str) -> None:
    assert tuple(words(side) for side in sides(text, number)) == (front, back)


def test_answers_made_of_place_holders_stay_small() -> None:
    bomb = " ".join(f"{{{{c1::{OPEN}{n}{CLOSE}{OPEN}{n}{CLOSE}}}}}" for n in range(1, 30)) + " {{c1::ha}}"
    assert max(len(side) for side in sides(bomb)) < 20_000


def test_place_holders_in_the_text_are_dropped() -> None:
    front, back = sides(f"a{OPEN}0{CLOSE}b {{{{c1::x}}}}")
    assert (words(front), words(back)) == ("a0b blank […]", "a0b x")


@pytest.mark.parametrize(
    "text", ['[x](http://a "{{c1::ans::hint}}")', '[x](http://a "b > {{c1::ans}}") {{c1::y}}']
)
def test_a_blank_in_an_attribute_breaks_nothing(text: str) -> None:
    for side in sides(text):
        attributes = Attributes(side).values
        assert attributes
        assert not [value for value in attributes if "<" in value or OPEN in value]


def test_options_are_shuffled_by_the_seed_and_keep_their_index() -> None:
    options = [{"text": f"o{n}", "right": n == 0, "reason": ""} for n in range(6)]
    note = Note(kind="choice", question="q", options=options)
    orders = {
        tuple(option.index for option in rendering.face(note, 0, seed=f"s{n}").options) for n in range(20)
    }
    assert len(orders) > 5
    assert all(sorted(order) == list(range(6)) for order in orders)
    assert [option.index for option in rendering.face(note, 0).options] == list(range(6))
