"""Mends what is plainly broken in a text and records each repair, so that the source can be restored."""

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise

from .result import Block, Repair

PROSE = 80  # code points: a shorter block may well end without a stop
AT_THE_END = "blank lines or spaces at the end"
BROKEN_WORD = "a word broken by a blank line"
BROKEN_PARAGRAPH = "a paragraph broken by a blank line"

WORD = re.compile(r"[^\W\d_]+")
# Words so common that a piece which is one of them is no piece, though the text has it only here.
COMMON = frozenset(
    """
    a about after all also an and any are as at be because been before both but by can could each even for
    from had has have he her his how i if in into is it its less like many may more most much must no not now
    of on one only or other our over same she should since so some still such than that the their them then
    there these they this those through to too under until up was we well were what when where which while who
    why will with within without would you your
    """.split()  # noqa: SIM905
)


def mend(source: str, blocks: Sequence[Block]) -> tuple[str, tuple[Repair, ...]]:
    """The mended text and its repairs, in order, with offsets in the mended text."""
    made: list[Repair] = []
    pieces: list[str] = []
    read = written = 0  # offsets in the source, in the text
    for start, end, after, reason in _damage(source, blocks):
        pieces += source[read:start], after
        written += start - read
        made.append(Repair(written, written + len(after), source[start:end], after, reason))
        read, written = end, written + len(after)
    return "".join([*pieces, source[read:]]), tuple(made)


def _damage(source: str, blocks: Sequence[Block]) -> Iterator[tuple[int, int, str, str]]:
    """(start, end, what belongs there, reason) of each damaged place in the source."""
    words = Words(source)
    begin = blocks[0].start  # of the paragraph so far, its earlier pieces joined
    for one, two in pairwise(blocks):
        if not _is_broken(source, begin, one, two):
            begin = two.start
        elif words.are_pieces(_last_word(source, one), _first_word(source, two)):
            yield one.end, two.start, "", BROKEN_WORD
        else:
            yield one.end, two.start, " ", BROKEN_PARAGRAPH
    end = len(source.rstrip())
    if source[end:] not in ("", "\n"):  # one newline ends the last line: no damage
        yield end, len(source), "", AT_THE_END


def _is_broken(source: str, begin: int, one: Block, two: Block) -> bool:
    """True if a long block stops at a letter and, after blank lines, a small letter goes on."""
    between = source[one.end : two.start]
    prose = one.kind in ("paragraph", "item") and one.end - begin >= PROSE and source[one.end - 1].isalpha()
    return prose and source[two.start].islower() and between.isspace() and between.count("\n") > 1


def _last_word(source: str, block: Block) -> str:
    tail = source[max(block.start, block.end - PROSE) : block.end]
    return str(WORD.findall(tail)[-1])


def _first_word(source: str, block: Block) -> str:
    return str(WORD.findall(source[block.start : block.start + PROSE])[0])


class Words:
    """The words of a text, to tell pieces of one word from two words."""

    def __init__(self, text: str) -> None:
        self.counts = Counter[str](word.casefold() for word in WORD.findall(text))
        self.sorted: list[str] = sorted(self.counts)

    def are_pieces(self, first: str, second: str) -> bool:
        """True if neither is a word elsewhere, and their sum or a word that begins like it is."""
        first, second = first.casefold(), second.casefold()
        return self._is_unique(first) and self._is_unique(second) and self._has_kin(first, first + second)

    def _is_unique(self, piece: str) -> bool:
        return self.counts[piece] <= 1 and piece not in COMMON

    def _has_kin(self, first: str, joined: str) -> bool:
        """True for a word that begins like the sum, unless the sum goes on: "patients", "patientsuffers"."""
        stem = joined[: len(first) + 1]
        for index in range(bisect_left(self.sorted, stem), len(self.sorted)):
            word = self.sorted[index]
            if word == joined or not joined.startswith(word):
                return word.startswith(stem)
        return False
