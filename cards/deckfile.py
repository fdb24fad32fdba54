"""Deck files, pure: Markdown for people and for git ⇄ exchange values. docs/deck-files.md has the grammar."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from .deckfile_lines import (
    HEADER_KEYS,
    NOTE_KEYS,
    REASON_INDENT,
    Line,
    Report,
    classify,
    entries,
    escape,
    split,
)
from .deckfile_notes import read_notes, read_slug, read_tags
from .exchange import Citation, Deck, InputError, Note, Option

NAME_LENGTH = 200  # of one name in a deck's path
MOST_LEVELS = 20

_SHA256 = re.compile(r"sha256:([0-9a-fA-F]{64})")


def parse(source: str, file: str) -> Deck:
    """The deck in a file's text. InputError holds every problem found, in the order of their lines."""
    report = Report(file)
    lines = classify(source, report)
    start = next((index for index, line in enumerate(lines) if _begins_note(line)), len(lines))
    deck = _header(lines[:start], report)
    notes = read_notes(entries(lines[start:], report), deck.source, report)
    if report.problems:
        raise InputError(sorted(report.problems, key=lambda problem: problem.line))
    return replace(deck, notes=notes)


def serialise(deck: Deck) -> str:
    """The deck as a file that parse reads back.

    Space around values goes, line breaks become \\n, and a quote's lines are joined. A `rendered` note is
    written as question and answer.
    """
    return "\n\n".join([_header_text(deck), *(_note_text(note, deck.source) for note in deck.notes)]) + "\n"


def assign_ids(source: str, new_id: Callable[[], str]) -> str:
    """The file with an `id:` line below the last words of each note that lacks one; all else as it was."""
    lines = split(source)
    default = next((newline for _, newline in lines if newline), "\n")
    ends = [(last, new_id()) for last in _ends_without_id(classify(source, Report("")))]
    for last, fresh in reversed(ends):
        text, newline = lines[last]
        lines[last : last + 1] = [(text, newline or default), (f"id: {fresh}", newline)]
    return "".join(text + newline for text, newline in lines)


def _ends_without_id(lines: Iterable[Line]) -> list[int]:
    """The index of the last line with words of each note without an id."""
    ends: list[int] = []
    named = True  # above the first note nothing wants a name
    for index, line in enumerate(lines):
        if _begins_note(line):
            ends.append(index)
            named = False
        elif named or line.kind in ("blank", "comment"):
            continue
        elif line.kind == "key" and line.name == "id":
            ends.pop()
            named = True
        else:
            ends[-1] = index
    return ends


def _begins_note(line: Line) -> bool:
    return line.kind == "key" and line.name in ("Q", "C")


# Reading the header


def _header(lines: Iterable[Line], report: Report) -> Deck:
    fields = _header_fields(lines, report)
    for key, example in (("deck", "Subject::Chapter"), ("slug", "subject-chapter")):
        if key not in fields:
            report.add(1, f"The header has no {key}.", f"Begin the file with a line like `{key}: {example}`.")
    deck = Deck(path=(), slug="", file=report.file)
    for line in fields.values():
        deck = replace(deck, **_header_values(line, report))
    return deck


def _header_values(line: Line, report: Report) -> dict[str, Any]:
    """What one header line sets of the deck."""
    if line.name == "deck":
        return {"path": _path(line, report)}
    if line.name == "slug":
        return {"slug": read_slug(line.number, "slug", line.text, report)}
    if line.name == "tags":
        return {"tags": read_tags(line.number, line.text, report)}
    source, sha256 = _header_source(line, report)
    return {"source": source, "source_sha256": sha256}


def _header_fields(lines: Iterable[Line], report: Report) -> dict[str, Line]:
    fields: dict[str, Line] = {}
    for line in lines:
        if line.kind in ("blank", "comment"):
            continue
        if line.kind != "key" or line.name in set(NOTE_KEYS) - set(HEADER_KEYS):
            mend = "Only header lines (deck, slug, source, tags) stand before the first Q: or C:."
            report.add(line.number, "Text before the first note.", mend)
        elif line.name not in HEADER_KEYS:
            keys = ", ".join(HEADER_KEYS)
            report.add(line.number, f"The header has no key `{line.name}:`.", f"Its keys are {keys}.")
        elif line.name in fields:
            report.add(line.number, f"`{line.name}:` stands twice in the header.", "Keep one of them.")
        else:
            fields[line.name] = line
    return fields


def _path(line: Line, report: Report) -> tuple[str, ...]:
    names = tuple(" ".join(name.split()) for name in line.text.split("::"))
    if not all(names):
        report.add(line.number, "A name in `deck:` is empty.", "Write `deck: Subject::Chapter`.")
    if len(names) > MOST_LEVELS:
        report.add(line.number, "`deck:` has too many levels.", f"Write {MOST_LEVELS} names at most.")
    if any(len(name) > NAME_LENGTH for name in names):
        mend = f"Shorten it to {NAME_LENGTH} letters at most."
        report.add(line.number, "A name in `deck:` is too long.", mend)
    return names


def _header_source(line: Line, report: Report) -> tuple[str, str]:
    slug, pin = [*line.text.split(maxsplit=1), "", ""][:2]
    sha256 = _SHA256.fullmatch(pin.strip())
    if pin and not sha256:
        mend = "Write `source: slug`, or `source: slug sha256:` and its 64 hexadecimal digits."
        report.add(line.number, f"“{pin.strip()}” is not a checksum.", mend)
    return read_slug(line.number, "source", slug, report), sha256[1].lower() if sha256 else ""


# Writing


def _header_text(deck: Deck) -> str:
    pin = f" sha256:{deck.source_sha256}" if deck.source_sha256 else ""
    lines = [f"deck: {'::'.join(deck.path)}", f"slug: {deck.slug}"]
    if deck.source:
        lines.append(f"source: {deck.source}{pin}")
    if deck.tags:
        lines.append(f"tags: {' '.join(deck.tags)}")
    return "\n".join(lines)


def _note_text(note: Note, source: str) -> str:
    lines = [_field("C" if note.kind == "cloze" else "Q", note.question)]
    if note.answer.strip():
        lines.append(_field("A", note.answer))
    lines += [option_text(option) for option in note.options]
    if note.kind == "reversed":
        lines.append(_field("R", note.reverse_question))
    lines += [_field(key, value) for key, value in _settings(note) if value.strip()]
    lines += _citation_lines(note.citations, source)
    if note.guid:
        lines.append(f"id: {note.guid}")
    if note.tags:
        lines.append(f"tags: {' '.join(note.tags)}")
    return "\n".join(lines)


def _settings(note: Note) -> Iterator[tuple[str, str]]:
    yield "RA", note.reverse_answer
    yield "E", note.explanation
    yield "caution", note.caution
    yield from (("accept", answer) for answer in note.accept)
    yield "kind", "multi" if note.multi else ""
    yield "use", "" if note.use == "both" else note.use
    yield from (("waive", waiver) for waiver in note.waivers)


def _field(key: str, value: str) -> str:
    first, *rest = [line for line, _ in split(value.strip())]
    return "\n".join([f"{key}: {first}" if first else f"{key}:", *(escape(line) for line in rest)])


def option_text(option: Option) -> str:
    """The option as a deck file has it: its box and words, its reason indented below."""
    first, *rest = [line for line, _ in split(option.text.strip())]
    reason = [line for line, _ in split(option.reason.strip())] if option.reason.strip() else []
    return "\n".join(
        [
            f"- [{'x' if option.right else ' '}] {first}",
            *(escape(line, indented=True) for line in rest),
            *(REASON_INDENT + line if line else "" for line in reason),
        ]
    )


def _citation_lines(citations: Sequence[Citation], source: str) -> Iterator[str]:
    for index, citation in enumerate(citations):
        if citation.document != source:
            source = citation.document
            yield f"source: {source}"
        elif index and citation.at is None:
            yield ""  # else the two quotes would be one
        if citation.at is not None:
            yield f"at: {citation.at}"
        for line, _ in split(marked(citation).strip()):
            yield f"> {line.strip()}".rstrip()


def marked(citation: Citation) -> str:
    """The quote with ** around its answering words; backslashes and asterisks of its own are escaped."""
    pieces = []
    position = 0
    for start, end in sorted(citation.answers):
        start, end = max(start, position), min(end, len(citation.quote))
        if citation.quote[start:end].strip():
            pieces += [
                _literal(citation.quote[position:start]),
                "**",
                _literal(citation.quote[start:end]),
                "**",
            ]
            position = end
    return "".join([*pieces, _literal(citation.quote[position:])])


def _literal(text: str) -> str:
    return re.sub(r"([*\\])", r"\\\1", text)
