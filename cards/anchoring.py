"""Quotes ↔ places in a text, whatever the case, quotes and dashes, and again in a changed text. Pure.
Texts are folded to be compared; a map back keeps every span exact in code points of the original."""

import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from typing import Literal

from rapidfuzz import fuzz

from cards.exchange import Span

Status = Literal["exact", "moved", "changed", "missing"]

CONTEXT = 32  # code points of prefix and suffix kept with a quote

# Likeness runs from 0 to 100 (rapidfuzz's ratio of two strings). Measured on our documents with a sentence
# deleted: the best stray match of what it said stays below 77 from 60 code points on (but for the title);
# below that, stray matches reach 90 and more, so a short quote needs its context.
ALIKE = 80  # a quote of LONG code points is recognised by itself
LONG = 60
ALIKE_IN_CONTEXT = 65  # any quote is, if what stood around it fits
CONTEXT_FITS = 75
ROUGH = 55  # a first alignment, before its edges are set

INVISIBLE = frozenset("\u00ad\u180e\u200b\u200c\u200d\u2060\ufeff")
PLAIN = str.maketrans(
    dict.fromkeys("‘’‚‛′`´", "'")
    | dict.fromkeys("“”„‟«»″", '"')
    | dict.fromkeys("‐‑‒–—―−﹣－", "-")
    | {"…": "..."}
)
# Scripts that write no blanks between words: there a match may begin and end anywhere.
UNSPACED = (
    (0x0E00, 0x0EFF),
    (0x1000, 0x109F),
    (0x1780, 0x17FF),
    (0x3040, 0x30FF),
    (0x3400, 0x9FFF),
    (0xF900, 0xFAFF),
    (0x20000, 0x3FFFF),
)


@dataclass(frozen=True, slots=True)
class Folded:
    """text[i] was made of original[starts[i]:ends[i]]."""

    text: str
    starts: tuple[int, ...]
    ends: tuple[int, ...]

    def span(self, start: int, end: int) -> Span:
        """The place in the original of a piece that is not empty."""
        return self.starts[start], self.ends[end - 1]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a quote stands in a text; without a place if it is missing."""

    status: Status
    start: int | None = None
    end: int | None = None


def fold(text: str) -> Folded:
    """Without case, kinds of quotes and dashes, composed accents, invisible marks; blanks are one space."""
    pieces: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for cluster, start, end in _clusters(text):
        piece = _fold_cluster(cluster)
        pieces.append(piece)
        starts += [start] * len(piece)
        ends += [end] * len(piece)
    return Folded("".join(pieces), tuple(starts), tuple(ends))


LONGEST = 30  # code points of a letter with its accents; what piles up beyond is no writing


def _clusters(text: str) -> Iterator[tuple[str, int, int]]:
    """(letter with its accents, or one space for a run of blanks; start; end), invisible marks left out."""
    cluster, start, end = "", 0, 0
    for index, char in enumerate(text):
        if char in INVISIBLE:
            continue
        blank = char.isspace()
        if cluster and (blank if cluster == " " else len(cluster) < LONGEST and _is_accent(char)):
            cluster += "" if blank else char
        else:
            if cluster:
                yield cluster, start, end
            cluster, start = " " if blank else char, index
        end = index + 1
    if cluster:
        yield cluster, start, end


@lru_cache(maxsize=4096)
def _is_accent(char: str) -> bool:
    return unicodedata.combining(unicodedata.normalize("NFD", char)[0]) != 0


@lru_cache(maxsize=4096)
def _fold_cluster(cluster: str) -> str:
    caseless = unicodedata.normalize("NFD", cluster).casefold()
    return unicodedata.normalize("NFD", caseless).translate(PLAIN)


def find(folded: Folded, quote: str) -> list[Span]:
    """Every place of a quote, none overlapping, none that begins or ends inside a word or number."""
    wanted = fold(quote).text.strip()
    found: list[Span] = []
    start = folded.text.find(wanted) if wanted else -1
    while start >= 0:
        end = start + len(wanted)
        whole = not _is_inside(folded, start) and not _is_inside(folded, end)
        if whole:
            found.append(folded.span(start, end))
        start = folded.text.find(wanted, end if whole else start + 1)
    return found


def _is_inside(folded: Folded, place: int) -> bool:
    """True between two letters or digits of one word, in a decimal number, or in one original letter."""
    text = folded.text
    if not 0 < place < len(text):
        return False
    if folded.starts[place - 1] == folded.starts[place]:
        return True
    around = _kind(text[place - 1]), _kind(text[place])
    return around == ("word", "word") or _is_decimal(text, place)


def _is_decimal(text: str, place: int) -> bool:
    """True on either side of the point in "0.5": the 5 mg of "0.5 mg" are none."""
    for point in (place - 1, place):
        around = text[max(0, point - 1) : point + 2]
        if text[point] in ".," and len(around) == 3 and around[0].isdigit() and around[2].isdigit():
            return True
    return False


@lru_cache(maxsize=4096)
def _kind(char: str) -> str:
    """How a folded character stands by others: "word" joins with "word", " " is a blank, "" stands alone."""
    if char == " ":
        return " "
    if any(first <= ord(char) <= last for first, last in UNSPACED):
        return ""
    return "word" if char == "_" or unicodedata.category(char)[0] in "LMN" else ""


def context(text: str, span: Span) -> tuple[str, str]:
    """The prefix and suffix to keep with a quote: what stands around it."""
    start, end = span
    return text[max(0, start - CONTEXT) : start], text[end : end + CONTEXT]


def place(folded_new: Folded, text_new: str, quote: str, prefix: str, suffix: str, was: Span) -> Place:
    """Where a quote that stood at `was`, between prefix and suffix, stands in a new version of its text."""
    return _place(folded_new, quote, _Setting(text_new, prefix, suffix), was, LONG)


def _place(folded: Folded, quote: str, setting: "_Setting", was: Span, alone: int) -> Place:
    """As place() does; a changed quote of `alone` code points needs no context."""
    spans = find(folded, quote)
    if was in spans and setting.fit(was) == 100:
        return Place("exact", *was)
    if spans:
        best = max(spans, key=lambda span: (setting.fit(span), -abs(span[0] - was[0])))
        return Place("exact" if best == was else "moved", *best)
    wanted = fold(quote).text.strip()
    long = len(wanted) >= alone
    good: list[tuple[float, int, Span]] = []
    for score, span in _alike(folded, wanted):
        fit = setting.fit(span)
        if (long and score >= ALIKE) or (score >= ALIKE_IN_CONTEXT and fit >= CONTEXT_FITS):
            good.append((score + fit, -abs(span[0] - was[0]), span))
    return Place("changed", *max(good)[2]) if good else Place("missing")


class _Setting:
    """What stood around a quote, to judge places in a text by."""

    def __init__(self, text: str, prefix: str, suffix: str) -> None:
        self.text = text
        self.prefix, self.suffix = fold(prefix).text, fold(suffix).text

    def fit(self, span: Span) -> float:
        """How like what stands around a place is to it, 0 to 100; 0 if nothing is known."""
        start, end = span
        before = fold(self.text[max(0, start - 2 * CONTEXT) : start]).text
        after = fold(self.text[end : end + 2 * CONTEXT]).text
        sides = [
            (self.prefix, before[-len(self.prefix) :]),
            (self.suffix, after[: len(self.suffix)]),
        ]
        known = [fuzz.ratio(was, now) for was, now in sides if was]
        return sum(known) / len(known) if known else 0


def _alike(folded: Folded, wanted: str) -> Iterator[tuple[float, Span]]:
    """(likeness, span) of the place most like `wanted`, and of the best one before and after it."""
    best = _aligned(folded.text, wanted, 0, len(folded.text))
    if best is None:
        return
    before = _aligned(folded.text, wanted, 0, best[1])
    after = _aligned(folded.text, wanted, best[2], len(folded.text))
    for score, start, end in filter(None, (best, before, after)):
        yield score, folded.span(start, end)


def _aligned(text: str, wanted: str, low: int, high: int) -> tuple[float, int, int] | None:
    """(likeness, start, end) of the whole words of text[low:high] most like `wanted`; None if none are."""
    rough = fuzz.partial_ratio_alignment(wanted, text[low:high], score_cutoff=ROUGH)
    if rough is None:
        return None
    start, end = low + rough.dest_start, low + rough.dest_end
    words = _split(text, max(low, start - len(wanted)), min(high, end + len(wanted)))
    begins = [word[0] for word in words if word[0] <= start] or [word[0] for word in words][:1]
    return _set_edges(text, wanted, words, begins[-1]) if begins else None


def _set_edges(text: str, wanted: str, words: list[Span], start: int) -> tuple[float, int, int]:
    """Try every end for the start, then every start for that end; of equals the nearer."""

    def likeness(start: int, end: int) -> float:
        return fuzz.ratio(wanted, text[start:end])

    end = max((e for _, e in words if e > start), key=lambda e: likeness(start, e))
    start = max((s for s, _ in reversed(words) if s < end), key=lambda s: likeness(s, end))
    return likeness(start, end), start, end


def _split(text: str, low: int, high: int) -> list[Span]:
    """The words of text[low:high], cut words completed; marks and letters of unspaced scripts stand alone."""
    while low > 0 and _kind(text[low - 1]) == _kind(text[low]) == "word":
        low -= 1
    while high < len(text) and _kind(text[high - 1]) == _kind(text[high]) == "word":
        high += 1
    words: list[Span] = []
    for kind, run in groupby(range(low, high), key=lambda index: _kind(text[index])):
        indexes = list(run)
        if kind == "word":
            words.append((indexes[0], indexes[-1] + 1))
        elif kind == "":
            words += [(index, index + 1) for index in indexes]
    return words


def project(text: str, span: Span, quote: str, answers: Sequence[Span]) -> tuple[Span, ...]:
    """The answers in an author's quote as spans in text[span]; one no longer there is left out."""
    here = text[span[0] : span[1]]
    folded, author = fold(here), fold(quote)
    if folded.text.strip() != author.text.strip():
        return _place_answers(folded, here, quote, answers)
    shift = _indent(folded.text) - _indent(author.text)
    marks = (_marks(author, answer) for answer in answers)
    return tuple(folded.span(found[0] + shift, found[-1] + shift + 1) for found in marks if found)


def _marks(folded: Folded, span: Span) -> list[int]:
    """Where the marks of a piece of the original stand in the folded text, its blanks left out."""
    start, end = span
    touched = range(bisect_right(folded.ends, start), bisect_left(folded.starts, end))
    return [index for index in touched if folded.text[index] != " "]


def _indent(text: str) -> int:
    return len(text) - len(text.lstrip())


def _place_answers(folded: Folded, here: str, quote: str, answers: Sequence[Span]) -> tuple[Span, ...]:
    places = (
        _place(folded, quote[a:b], _Setting(here, *context(quote, (a, b))), (a, b), alone=0)
        for a, b in answers
    )
    return tuple((p.start, p.end) for p in places if p.start is not None and p.end is not None)


def nearest(quote: str, sentences: Sequence[str]) -> int:
    """The index of the sentence most like a quote, the first of equals. ValueError if there are none."""
    wanted = fold(quote).text.strip()
    likeness = [_likeness(wanted, fold(sentence).text.strip()) for sentence in sentences]
    return likeness.index(max(likeness))


def _likeness(wanted: str, sentence: str) -> tuple[float, float]:
    """A quote is mostly a part of its sentence; a sentence that is a part of a quote proves less."""
    whole = fuzz.ratio(wanted, sentence)
    return (fuzz.partial_ratio(wanted, sentence) if len(sentence) > len(wanted) else whole), whole
