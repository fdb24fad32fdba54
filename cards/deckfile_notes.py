"""The notes of a deck file, pure: entries → exchange notes with their citations, every problem reported."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import cast

from . import cloze
from .deckfile_lines import HEADER_KEYS, NOTE_KEYS, Entry, Report, quote_of, reason_of
from .exchange import Citation, Kind, Note, Option, Span, Use

KINDS = ("basic", "reversed", "cloze", "choice", "multi")
USES = ("study", "quiz", "both")
MANY = ("accept", "waive", "source", "at")  # the keys a note may have several times
TAG_LENGTH = 120

_SLUG = re.compile(r"[A-Za-z0-9_-]{1,120}")
_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
_NUMBER = re.compile(r"[1-9][0-9]{0,8}")
_MARKUP = re.compile(r"\\([*\\])|(\*\*)|(.)", re.DOTALL)


def read_notes(found: Iterable[Entry], source: str, report: Report) -> tuple[Note, ...]:
    """The notes in their order; `source` is the document that quotes come from unless they say otherwise."""
    groups = _groups(found)
    _check_ids_differ(groups, report)
    return tuple(_note(group, source, report) for group in groups)


def read_slug(line: int, key: str, text: str, report: Report) -> str:
    slug = text.strip()
    if not _SLUG.fullmatch(slug):
        report.add(
            line,
            f"`{key}:` is “{slug}”, which is not a slug.",
            "Use letters, digits, - and _ only, at most 120.",
        )
    return slug


def read_tags(line: int, text: str, report: Report) -> tuple[str, ...]:
    tags = tuple(dict.fromkeys(text.replace(",", " ").split()))
    for tag in tags:
        if len(tag) > TAG_LENGTH:
            report.add(
                line, f"The tag “{tag[:20]}…” is too long.", f"Shorten it to {TAG_LENGTH} letters at most."
            )
    return tags


@dataclass(frozen=True, slots=True)
class Written:
    """A note as it stands in the file: its keys, each with every entry it has, and its options."""

    line: int
    keys: dict[str, list[Entry]]
    options: list[Entry]

    def value(self, key: str) -> str:
        return self.keys[key][0].value if key in self.keys else ""

    def line_of(self, key: str) -> int:
        return self.keys[key][0].line if key in self.keys else self.line

    def values(self, key: str) -> tuple[str, ...]:
        return tuple(entry.value for entry in self.keys.get(key, ()))


def _groups(found: Iterable[Entry]) -> list[list[Entry]]:
    groups: list[list[Entry]] = []
    for entry in found:
        if entry.kind == "key" and entry.name in ("Q", "C"):
            groups.append([])
        groups[-1].append(entry)
    return groups


def _note(group: Sequence[Entry], source: str, report: Report) -> Note:
    written = Written(
        group[0].line, _keys(group, report), [entry for entry in group if entry.kind == "option"]
    )
    kind = _kind(written, report)
    for line, what, mend in _misshapen(written, kind):
        report.add(line, what, mend)
    return Note(
        kind=kind,
        question=written.value("C" if kind == "cloze" else "Q"),
        answer=written.value("A"),
        reverse_question=written.value("R"),
        reverse_answer=written.value("RA"),
        explanation=written.value("E"),
        caution=written.value("caution"),
        options=tuple(Option(entry.value, entry.name == "x", reason_of(entry)) for entry in written.options),
        multi=written.value("kind") == "multi",
        accept=written.values("accept"),
        use=_use(written, report),
        tags=read_tags(written.line_of("tags"), written.value("tags"), report),
        waivers=written.values("waive"),
        citations=_citations(group, source, report),
        guid=_guid(written, report),
        line=written.line,
    )


def _keys(group: Iterable[Entry], report: Report) -> dict[str, list[Entry]]:
    keys: dict[str, list[Entry]] = {}
    for entry in group:
        if entry.kind != "key":
            continue
        if entry.name not in NOTE_KEYS:
            report.add(entry.line, f"A note has no key `{entry.name}:`.", _key_mend(entry.name))
        elif entry.name in keys and entry.name not in MANY:
            report.add(entry.line, f"`{entry.name}:` stands twice in this note.", "Keep one of them.")
        else:
            keys.setdefault(entry.name, []).append(entry)
    return keys


def _key_mend(name: str) -> str:
    if name in HEADER_KEYS:
        return f"`{name}:` belongs above the first note."
    meant = next((f"Did you mean `{key}:`? " for key in NOTE_KEYS if key.lower() == name.lower()), "")
    return rf"{meant}Its keys are {', '.join(NOTE_KEYS)}; put \ before the line to keep it as text."


def _kind(written: Written, report: Report) -> Kind:
    """The kind that the note's keys make, whatever its `kind:` says."""
    kind: Kind = "basic"
    if "C" in written.keys:
        kind = "cloze"
    elif written.options:
        kind = "choice"
    elif "R" in written.keys or "RA" in written.keys:
        kind = "reversed"
    declared, line = written.value("kind"), written.line_of("kind")
    if "kind" in written.keys and declared not in KINDS:
        report.add(line, f"“{declared}” is not a kind.", f"Write one of {', '.join(KINDS)}, or leave it out.")
    elif declared and declared != kind and (declared, kind) != ("multi", "choice"):
        report.add(
            line,
            f"`kind: {declared}`, but what is written is {kind}.",
            "Leave `kind:` out, or mend the note.",
        )
    return kind


Misshape = tuple[int, str, str]  # line, what, mend


def _misshapen(written: Written, kind: Kind) -> Iterator[Misshape]:
    """What keeps the note from being one of its kind."""
    if kind == "cloze":
        yield from _misshapen_cloze(written)
    else:
        yield from _misshapen_question(written)
    if kind == "choice":
        yield from _misshapen_options(written)
    if kind == "reversed" and bool(written.value("R")) != bool(written.value("RA")):
        mend = "Give both `R:` and `RA:` words, or leave `R:` empty and `RA:` out to swap the sides."
        yield (
            written.line_of("R" if "R" in written.keys else "RA"),
            "Only one side of the reverse has words.",
            mend,
        )
    for key in ("accept", "waive"):
        for entry in written.keys.get(key, ()):
            if not entry.value:
                yield entry.line, f"`{key}:` has no words.", "Give it some, or leave it out."


def _misshapen_cloze(written: Written) -> Iterator[Misshape]:
    for key in ("A", "R", "RA"):
        if key in written.keys:
            mend = f"Begin the note with Q:, or leave `{key}:` out."
            yield written.line_of(key), f"A cloze (C:) has no `{key}:`.", mend
    if written.options:
        yield written.options[0].line, "A cloze (C:) has no options.", "Begin the note with Q:."
    try:
        cloze.parse(written.value("C"))
    except cloze.ClozeError as error:
        yield written.line, error.what, error.mend


def _misshapen_question(written: Written) -> Iterator[Misshape]:
    if not written.value("Q"):
        yield written.line, "The question is empty.", "Write it after Q:."
    if not written.value("A") and not written.options:
        yield written.line, "The question has no answer.", "Add `A:`, or options such as `- [x] words`."
    if "A" in written.keys and written.options:
        mend = "Keep one of them; `E:` can explain the right option."
        yield written.line_of("A"), "The question has both `A:` and options.", mend


def _misshapen_options(written: Written) -> Iterator[Misshape]:
    line, right = written.options[0].line, sum(option.name == "x" for option in written.options)
    if len(written.options) < 2:
        yield line, "The question has a single option.", "Offer two at least."
    if not right:
        yield line, "No option is marked right.", "Mark it `- [x]`."
    if right > 1 and written.value("kind") != "multi":
        yield line, "Several options are marked right.", "Add `kind: multi`, or mark one only."
    for option in written.options:
        if not option.value:
            yield option.line, "The option has no words.", "Write them after the box."
    for key in ("R", "RA"):
        if key in written.keys:
            yield written.line_of(key), f"A question with options has no `{key}:`.", "Leave it out."


def _use(written: Written, report: Report) -> Use:
    use = written.value("use")
    if "use" in written.keys and use not in USES:
        report.add(written.line_of("use"), f"“{use}” is not a use.", f"Write one of {', '.join(USES)}.")
    return cast(Use, use if use in USES else "both")


def _guid(written: Written, report: Report) -> str:
    guid = written.value("id")
    if "id" in written.keys and not _ID.fullmatch(guid):
        mend = "Use letters, digits, - and _ only, at most 64; or delete the line and let one be assigned."
        report.add(written.line_of("id"), f"“{guid}” is not an id.", mend)
    return guid


def _check_ids_differ(groups: Iterable[Sequence[Entry]], report: Report) -> None:
    lines: dict[str, int] = {}
    for entry in (entry for group in groups for entry in group):
        if entry.kind == "key" and entry.name == "id" and entry.value:
            first = lines.setdefault(entry.value, entry.line)
            if first != entry.line:
                mend = "Delete one of them and let a new one be assigned."
                report.add(entry.line, f"The id “{entry.value}” stands in line {first} too.", mend)


# Citations


def _citations(group: Iterable[Entry], source: str, report: Report) -> tuple[Citation, ...]:
    citations: list[Citation] = []
    before: dict[str, Entry] = {}  # the `source:` and `at:` that wait for their quote
    for entry in group:
        if entry.kind == "quote":
            at = _at(before["at"], report) if "at" in before else None
            citations.append(_citation(entry, source, at, report))
            before = {}
        elif entry.kind == "key" and entry.name in ("source", "at"):
            if entry.name in before:
                report.add(entry.line, f"`{entry.name}:` stands twice before one quote.", "Keep one of them.")
            before[entry.name] = entry
            if entry.name == "source":
                source = read_slug(entry.line, "source", entry.value, report)
    for name, entry in before.items():
        report.add(entry.line, f"No quote follows `{name}:`.", "It stands before the `>` it is about.")
    return tuple(citations)


def _at(entry: Entry, report: Report) -> int | None:
    if _NUMBER.fullmatch(entry.value):
        return int(entry.value)
    mend = "Write the number of the passage, counted from 1."
    report.add(entry.line, f"`at:` is “{entry.value}”, which is no passage number.", mend)
    return None


def _citation(entry: Entry, document: str, at: int | None, report: Report) -> Citation:
    if not document:
        mend = "Add `source:` with the document's slug to the header, or above the quote."
        report.add(entry.line, "The quote names no document.", mend)
    quote, answers = unmark(quote_of(entry), entry.line, report)
    if not quote:
        report.add(entry.line, "The quote is empty.", "Copy the words from the document, or delete the line.")
    return Citation(document, quote, answers, at, entry.line)


def unmark(marked: str, line: int, report: Report) -> tuple[str, tuple[Span, ...]]:
    """The quote without its marks, and the spans they enclosed."""
    pieces: list[str] = []
    edges: list[int] = []
    for match in _MARKUP.finditer(marked):
        if match[2]:
            edges.append(len(pieces))
        else:
            pieces.append(match[1] or match[3])
    if len(edges) % 2:
        mend = r"Close the answering words with a second **, or write \*\* for asterisks."
        report.add(line, "A ** in the quote is never closed.", mend)
    quote = "".join(pieces)
    return _trimmed(quote, list(zip(edges[::2], edges[1::2], strict=False)), line, report)


def _trimmed(quote: str, spans: Iterable[Span], line: int, report: Report) -> tuple[str, tuple[Span, ...]]:
    """The quote without space at its ends, and the spans in what is left."""
    cut, kept = len(quote) - len(quote.lstrip()), quote.strip()
    answers = tuple((max(start - cut, 0), min(end - cut, len(kept))) for start, end in spans)
    if not all(kept[start:end].strip() for start, end in answers):
        report.add(line, "A pair of ** marks nothing.", r"Put it around words, or write \*\* for asterisks.")
    return kept, answers
