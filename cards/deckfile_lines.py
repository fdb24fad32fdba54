"""The lines of a deck file, pure: what each one is, which belong together, and how text is kept as text."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal

from .exchange import Problem

HEADER_KEYS = ("deck", "slug", "source", "tags")
NOTE_KEYS = (
    *("Q", "A", "C", "E", "R", "RA", "id", "tags", "accept", "kind", "caution", "use", "waive"),
    *("source", "at"),
)
REASON_INDENT = " " * 6  # a reason stands under the words of its option

_NEWLINE = re.compile(r"(\r\n|\n|\r)")
_KEY = re.compile(r"([A-Za-z][A-Za-z0-9_-]*):(.*)", re.DOTALL)
_KNOWN = {key.lower() for key in (*HEADER_KEYS, *NOTE_KEYS)}
_OPTION = re.compile(r"- \[([ xX])\](?:[ \t](.*))?", re.DOTALL)
_OPTION_LIKE = re.compile(r"[-*+][ \t]*\[[ \t]*(?:[xX][ \t]*)?\](?!\()")  # not [x](a link)
_BACKSLASHES = re.compile(r"\\+")


class Report:
    """Every problem found in one file."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.problems: list[Problem] = []

    def add(self, line: int, what: str, mend: str) -> None:
        self.problems.append(Problem(self.file, line, what, mend))


@dataclass(frozen=True, slots=True)
class Line:
    """One line by itself; `name` is its key, or the mark of its option."""

    number: int  # 1-based
    kind: Literal["blank", "comment", "key", "option", "quote", "text"]
    name: str
    text: str  # what follows the key, the option's box or the `>`; else the whole line


@dataclass(slots=True)
class Entry:
    """Lines that say one thing together: a key with its value, an option with its reason, or a quote."""

    line: int
    kind: Literal["key", "option", "quote"]
    name: str
    body: list[str]
    reason: list[str] = field(default_factory=list)
    ended: bool = False  # a quote after a blank line

    @property
    def value(self) -> str:
        return "\n".join(self.body).strip()


def split(source: str) -> list[tuple[str, str]]:
    """Each line with the line break that ends it ("" for the last). Only \\n, \\r\\n and \\r end lines."""
    parts = [*_NEWLINE.split(source), ""]
    return list(zip(parts[::2], parts[1::2], strict=True))


def classify(source: str, report: Report) -> list[Line]:
    """What each line of the file is, by itself; only a comment reaches over lines."""
    lines: list[Line] = []
    opened = 0  # the line where the comment we are in began
    for number, (text, _) in enumerate(split(source.removeprefix("\ufeff")), 1):
        if "\0" in text:
            report.add(number, "The line has a NUL character.", "Save the file as plain UTF-8 text.")
        if opened or text.startswith("<!--"):
            opened = _comment(number, text, opened, report)
            lines.append(Line(number, "comment", "", text))
        else:
            lines.append(_line(number, text))
    if opened:
        report.add(opened, "The comment is never closed.", "End it with -->.")
    return lines


def _comment(number: int, text: str, opened: int, report: Report) -> int:
    _, closed, rest = text.partition("-->")
    if rest.strip():
        report.add(number, "Text stands behind a comment.", "Give it a line of its own after the -->.")
    return 0 if closed else opened or number


def _line(number: int, text: str) -> Line:
    if not text.strip():
        return Line(number, "blank", "", text)
    if text.startswith(">"):
        return Line(number, "quote", "", text[1:])
    if option := _OPTION.fullmatch(text):
        return Line(number, "option", option[1].lower().strip(), option[2] or "")
    if key := _key(text):
        return Line(number, "key", *key)
    return Line(number, "text", "", text)


def _key(text: str) -> tuple[str, str] | None:
    """(key, value) when the line begins with a key of ours, or with a word that was surely meant as one."""
    match = _KEY.fullmatch(text)
    if match and (match[1].lower() in _KNOWN or not match[2] or match[2][0].isspace()):
        return match[1], match[2]
    return None


def entries(lines: Iterable[Line], report: Report) -> list[Entry]:
    """The lines after the header, gathered into what they say; stray lines are reported."""
    found: list[Entry] = []
    for line in lines:
        last = found[-1] if found else None
        if line.kind == "key" or line.kind == "option":
            found.append(Entry(line.number, line.kind, line.name, [line.text]))
        elif line.kind == "quote":
            if last and last.kind == "quote" and not last.ended:
                last.body.append(line.text)
            else:
                found.append(Entry(line.number, "quote", "", [line.text]))
        elif line.kind == "text" and last:
            _continue(last, line, report)
        elif line.kind == "blank" and last:
            last.ended = True
            (last.reason or last.body).append(line.text)
    return found


def _continue(entry: Entry, line: Line, report: Report) -> None:
    if _OPTION_LIKE.match(line.text):
        report.add(
            line.number,
            f"“{_short(line.text)}” looks like an option.",
            r"Write it as `- [ ] words` or `- [x] words`, or put \ before it to keep it as text.",
        )
    elif entry.kind == "quote":
        mend = "Begin it with > to go on with the quote, or give it a key such as E: before the quote."
        report.add(line.number, f"“{_short(line.text)}” follows a quote.", mend)
    elif entry.kind == "option" and line.text[0] in " \t":
        entry.reason.append(line.text)
    elif entry.reason:
        mend = "Indent it to go on with the reason, or give it a key."
        report.add(line.number, f"“{_short(line.text)}” follows an option's reason.", mend)
    else:
        entry.body.append(_unescape(line.text))


def _short(text: str) -> str:
    return text if len(text) <= 40 else f"{text[:39]}…"


def reason_of(option: Entry) -> str:
    """The indented lines below an option, without the indent of the first."""
    if not option.reason:
        return ""
    indent = len(option.reason[0]) - len(option.reason[0].lstrip(" \t"))
    outdent = re.compile(rf"[ \t]{{0,{indent}}}")
    return "\n".join(outdent.sub("", line, count=1) for line in option.reason).strip()


def quote_of(entry: Entry) -> str:
    """The quote as written, marks and all: lines joined with one space, paragraphs with an empty line."""
    text = "\n".join(line.strip() for line in entry.body).strip()
    return "\n\n".join(paragraph.replace("\n", " ") for paragraph in re.split(r"\n{2,}", text))


def _means_more(line: str) -> bool:
    """Whether a line at column 0 would be read as something other than text (or as a reason)."""
    special = line.startswith((">", "<!--", " ", "\t")) or _OPTION_LIKE.match(line) or _key(line)
    return bool(special)


def _unescape(line: str) -> str:
    """A text line as meant: one backslash less before what would otherwise mean something."""
    backslashes = _BACKSLASHES.match(line)
    return line[1:] if backslashes and _means_more(line[backslashes.end() :]) else line


def escape(line: str, *, indented: bool = False) -> str:
    """A continuing line so that it reads back as text; `indented`: leading space would mean something."""
    if not line.strip():
        return line
    bare = _BACKSLASHES.sub("", line, count=1) if line[0] == "\\" else line
    plain = bare == line and line[0] in " \t" and not indented
    return "\\" + line if _means_more(bare) and not plain else line
