"""What every import and export passes through: plain frozen values, no database, no Django.

Offsets are code points. A quote is plain text; `answers` are spans inside it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

Kind = Literal["basic", "reversed", "cloze", "choice", "rendered"]
Use = Literal["study", "quiz", "both"]
Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with a file: where, what, and how to mend it."""

    file: str
    line: int  # 1-based; 0 = the file as a whole
    what: str
    mend: str

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        return f"{place}: {self.what} {self.mend}"


class InputError(Exception):
    """Bad input that stops a load; nothing of it is stored."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in problems))


@dataclass(frozen=True, slots=True)
class Option:
    """One answer offered by a choice note, with the reason it is right or wrong."""

    text: str
    right: bool = False
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Citation:
    """Where a note comes from: the clause that supports it and the answering words inside."""

    document: str  # slug
    quote: str
    answers: tuple[Span, ...] = ()
    at: int | None = None  # 1-based number of the passage, where the quote stands more than once
    line: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Note:
    """One authored item. A cloze keeps its whole text in `question`."""

    kind: Kind
    question: str
    answer: str = ""
    reverse_question: str = ""
    reverse_answer: str = ""
    explanation: str = ""
    caution: str = ""
    options: tuple[Option, ...] = ()
    multi: bool = False  # several options are right
    accept: tuple[str, ...] = ()  # other right answers, for typed questions
    use: Use = "both"
    tags: tuple[str, ...] = ()
    waivers: tuple[str, ...] = ()  # lint findings set aside, "F6 because …"
    citations: tuple[Citation, ...] = ()
    guid: str = ""
    line: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Deck:
    """A deck file or package, read: a path of names and the notes in their order."""

    path: tuple[str, ...]
    slug: str
    notes: tuple[Note, ...] = ()
    tags: tuple[str, ...] = ()  # shared by every note
    source: str = ""  # slug of the document that citations mean unless they say otherwise
    source_sha256: str = ""  # of that document's bytes, where the author pinned them
    file: str = field(default="", compare=False)
