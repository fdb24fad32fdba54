"""What reading any format gives: one text, its blocks, and every repair made on the way."""

from dataclasses import dataclass
from typing import Literal

from cards.exchange import Problem

BlockKind = Literal["paragraph", "heading", "item", "cell"]


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, heading, list item or table cell: text[start:end], a bullet left out."""

    kind: BlockKind
    level: int  # of a heading or list item, from 1; 0 = none
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Repair:
    """Plain damage mended: text[start:end] == after, where the source had `before`."""

    start: int
    end: int
    before: str
    after: str
    reason: str


@dataclass(frozen=True, slots=True)
class Reading:
    """A document as it was read. Blocks stand in order and cover every mark but bullets."""

    text: str
    blocks: tuple[Block, ...]
    repairs: tuple[Repair, ...]
    title: str
    format: str


class UnreadableError(ValueError):
    """These bytes are no text we can read: `problem` says what, where and how to mend it."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        super().__init__(str(problem))
