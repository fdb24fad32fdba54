"""Cloze texts, pure: {{c1::answer::hint}} → deletions and segments.

A backslash keeps `{`, `}` and `:` as themselves; before anything else it is Markdown's and stays.
"""

import re
from dataclasses import dataclass
from typing import Literal

MAX_NUMBER = 500  # Anki makes no cards beyond

_OPENING = re.compile(r"\\.|(\{\{)", re.DOTALL)
_START = re.compile(r"\{\{c([0-9]+)::")
_BODY = re.compile(r"(?:\\.|(?!\{\{|\}\})[^\\])*", re.DOTALL)
_HINTED = re.compile(r"((?:\\.|[^\\])*)::((?:\\.|[^\\])*)", re.DOTALL)  # greedy: the last `::` divides
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Deletion:
    """One {{…}} of a cloze text; text[start:end] is all of it, braces and number too."""

    number: int
    answer: str
    hint: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Segment:
    """A piece of a cloze text as one card shows it: hidden = asked by this card, other = another deletion."""

    text: str
    state: Literal["plain", "hidden", "other"]
    hint: str = ""


class ClozeError(ValueError):
    """A cloze text that makes no card: what is wrong, and how to mend it."""

    def __init__(self, what: str, mend: str) -> None:
        super().__init__(f"{what} {mend}")
        self.what = what
        self.mend = mend


def parse(text: str) -> list[Deletion]:
    """Every deletion in reading order; ClozeError when there is none or one is broken."""
    deletions = []
    position = 0
    while opening := _OPENING.search(text, position):
        position = opening.end()
        if opening[1]:
            deletions.append(_deletion(text, opening.start()))
            position = deletions[-1].end
    if not deletions:
        raise ClozeError("The cloze text hides nothing.", "Put what to recall in braces: {{c1::answer}}.")
    return deletions


def numbers(text: str) -> list[int]:
    """The card numbers of the text, each once, sorted."""
    return sorted({deletion.number for deletion in parse(text)})


def segments(text: str, number: int) -> list[Segment]:
    """The text as card `number` shows it, in order; joined, the whole text with its answers."""
    pieces = []
    position = 0
    for deletion in parse(text):
        pieces.append(Segment(_unescape(text[position : deletion.start]), "plain"))
        state: Literal["hidden", "other"] = "hidden" if deletion.number == number else "other"
        pieces.append(Segment(deletion.answer, state, deletion.hint))
        position = deletion.end
    pieces.append(Segment(_unescape(text[position:]), "plain"))
    return [piece for piece in pieces if piece.text]


def _deletion(text: str, start: int) -> Deletion:
    opening = _START.match(text, start)
    if not opening:
        raise ClozeError(
            f"“{_excerpt(text, start)}” is not a deletion.",
            r"Write {{c1::answer}}, or \{{ to show the braces themselves.",
        )
    end = _body_end(text, start, opening.end())
    answer, hint = _divide(text[opening.end() : end])
    if not answer.strip():
        raise ClozeError(f"“{_excerpt(text, start)}” has no answer.", "Write {{c1::answer}}.")
    return Deletion(_number(opening[1]), answer, hint.strip(), start, end + 2)


def _body_end(text: str, start: int, body: int) -> int:
    """Where the deletion opened at `start` closes; ClozeError when it does not."""
    match = _BODY.match(text, body)
    end = match.end() if match else body
    if text.startswith("{{", end):
        raise ClozeError(
            f"“{_excerpt(text, start)}” has another deletion inside it.",
            r"Close it with }} before the next one begins, or write \{{ to show the braces themselves.",
        )
    if not text.startswith("}}", end):
        raise ClozeError(f"“{_excerpt(text, start)}” is not closed.", "End it with }}.")
    return end


def _divide(body: str) -> tuple[str, str]:
    parts = _HINTED.fullmatch(body)
    answer, hint = parts.groups() if parts else (body, "")
    return _unescape(answer), _unescape(hint)


def _number(digits: str) -> int:
    number = int(digits) if len(digits) <= 4 else MAX_NUMBER + 1
    if not 1 <= number <= MAX_NUMBER:
        raise ClozeError(f"c{digits[:20]} is not a card number.", f"Count from c1 to c{MAX_NUMBER}.")
    return number


def _unescape(text: str) -> str:
    return _ESCAPED.sub(lambda match: match[1] if match[1] in "{}:" else match[0], text)


def _excerpt(text: str, start: int) -> str:
    piece = " ".join(text[start : start + 40].split())
    return piece if start + 40 >= len(text) else f"{piece}…"
