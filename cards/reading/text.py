"""Plain text → blocks. A line is a paragraph, or blank lines stand between paragraphs wrapped into lines."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from . import repairs
from .decoding import decode
from .result import Block, BlockKind, Reading

WRAP = 100  # code points: a text of paragraphs wrapped by hand or editor has no longer line
TITLE = 120  # code points, the longest title
HEADING = 80  # code points, the longest heading inside a text
HEADINGS_TOGETHER = 2  # a chapter and its section; more short lines in a row are a list
TITLE_WORDS = 8  # that name a text without a heading

BULLET = re.compile(r"(?:[-*•‣◦▪]|(?P<number>\d{1,3})[.)])[ \t\u00a0]+(?=\S)")
UNFINISHED = tuple(".,;:…。，；：、")
SENTENCE_ENDS = (*UNFINISHED, "!", "?", "！", "？")


@dataclass(slots=True)
class Piece:
    """A block in the making. `touches`: no blank line stands before it."""

    kind: BlockKind
    start: int
    end: int
    indent: int
    lines: int
    touches: bool
    level: int = 0

    @property
    def short(self) -> bool:
        return self.kind == "paragraph" and self.end - self.start <= HEADING

    def block(self) -> Block:
        return Block(self.kind, self.level, self.start, self.end)


def read(raw: bytes, name: str) -> Reading:
    """Read plain text. Raises UnreadableError."""
    source = decode(raw, name)
    wrapped = is_wrapped(source)
    text, made = repairs.mend(source, find_blocks(source, wrapped))
    found = find_blocks(text, wrapped)
    return Reading(text, found, made, _title(text, found), "text")


def is_wrapped(text: str) -> bool:
    """True if lines are pieces of paragraphs: none is long, and blank lines stand between some."""
    lines = [line.strip() for line in text.strip().split("\n")]
    return "" in lines and all(len(line) <= WRAP or len(line.split()) == 1 for line in lines)


def find_blocks(text: str, wrapped: bool) -> tuple[Block, ...]:
    """The blocks of a text in order, as is_wrapped says its lines are meant."""
    pieces = _gather(text, wrapped)
    _set_item_levels(pieces)
    _set_title(text, pieces)
    _set_headings(text, pieces)
    return tuple(piece.block() for piece in pieces)


def _lines(text: str) -> Iterator[tuple[int, int, int]]:
    """(start, end, indent) of each line without the blanks around it; start == end if it is blank."""
    offset = 0
    for line in text.split("\n"):
        body = line.strip()
        indent = len(line) - len(line.lstrip())
        start = offset + indent
        yield start, start + len(body), len(line[:indent].expandtabs(4))
        offset += len(line) + 1


def _gather(text: str, wrapped: bool) -> list[Piece]:
    pieces: list[Piece] = []
    touches = False
    for start, end, indent in _lines(text):
        if start == end:
            touches = False
            continue
        last = pieces[-1] if touches else None
        bullet = BULLET.match(text, start, end)
        if bullet is not None and _may_begin_item(bullet, last, wrapped):
            pieces.append(Piece("item", bullet.end(), end, indent, 1, touches))
        elif last is not None and _continues(text, last, start, indent, wrapped, first=len(pieces) == 1):
            last.end, last.lines = end, last.lines + 1
        else:
            pieces.append(Piece("paragraph", start, end, indent, 1, touches))
        touches = True
    return pieces


def _may_begin_item(bullet: re.Match[str], last: Piece | None, wrapped: bool) -> bool:
    """A wrapped paragraph may happen to have a number and a stop at the beginning of a line."""
    return not wrapped or last is None or last.kind == "item" or bullet["number"] in (None, "1")


def _continues(text: str, last: Piece, start: int, indent: int, wrapped: bool, *, first: bool) -> bool:
    if last.kind == "item" and indent > last.indent:
        return True
    return wrapped and not (first and _is_title_above(text, last, start))


def _is_title_above(text: str, last: Piece, start: int) -> bool:
    """True for a title with no blank line below: what follows would have fitted beside it but begins anew."""
    if last.lines > 1 or text[start].islower() or not _is_title(text, last):
        return False
    word = len(text[start : start + WRAP].split(maxsplit=1)[0])
    return last.end - last.start + 1 + word <= max(map(len, text.split("\n")))


def _set_item_levels(pieces: list[Piece]) -> None:
    indents: list[int] = []
    for piece in pieces:
        if piece.kind != "item":
            indents.clear()
            continue
        while indents and indents[-1] >= piece.indent:
            indents.pop()
        indents.append(piece.indent)
        piece.level = len(indents)


def _has_letter(text: str, piece: Piece) -> bool:
    return any(map(str.isalpha, text[piece.start : piece.end]))


def _is_title(text: str, piece: Piece) -> bool:
    short = piece.kind == "paragraph" and piece.lines == 1 and piece.end - piece.start <= TITLE
    return short and not text.endswith(UNFINISHED, piece.start, piece.end) and _has_letter(text, piece)


def _set_title(text: str, pieces: list[Piece]) -> None:
    if len(pieces) > 1 and _is_title(text, pieces[0]):
        pieces[0].kind, pieces[0].level = "heading", 1


def _set_headings(text: str, pieces: list[Piece]) -> None:
    """Make headings of lines that look like one, stand alone, and do not go on in small letters below."""
    row: list[Piece] = []
    for index, piece in enumerate(pieces):
        if _looks_like_heading(text, piece) and not _is_crowded(pieces, index):
            row.append(piece)
            continue
        goes_on = piece.kind == "paragraph" and text[piece.start].islower()
        if len(row) <= HEADINGS_TOGETHER and not goes_on:
            for heading in row:
                heading.kind, heading.level = "heading", 2
        row = []


def _looks_like_heading(text: str, piece: Piece) -> bool:
    if not piece.short or piece.lines > 1 or not _has_letter(text, piece):
        return False
    first = next(char for char in text[piece.start : piece.end] if char.isalnum())
    return not first.islower() and not text.endswith(SENTENCE_ENDS, piece.start, piece.end)


def _is_crowded(pieces: list[Piece], index: int) -> bool:
    """True if another short line touches it, as in verse or a bare list."""
    above = index > 0 and pieces[index].touches and pieces[index - 1].short
    below = index + 1 < len(pieces) and pieces[index + 1].touches and pieces[index + 1].short
    return above or below


def _title(text: str, found: tuple[Block, ...]) -> str:
    heading = next((block for block in found if block.kind == "heading"), None)
    if heading is not None:
        return " ".join(text[heading.start : heading.end].split())
    first = found[0]
    words = text[first.start : first.end][: 2 * TITLE].split()
    beginning = " ".join(words[:TITLE_WORDS])[:TITLE]
    return beginning.rstrip(",;:–—-") + "…" if len(words) > TITLE_WORDS else beginning
