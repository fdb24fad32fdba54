"""Finds the place of each quote in its document, before anything is written."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from . import anchoring, exchange
from .exchange import Problem
from .models import Document, Passage, Version

LONGEST_QUOTE = 2000
MOST_PROBLEMS = 20


@dataclass(frozen=True, slots=True)
class Source:
    """A citation that has been found: its quote is the document's own words."""

    citation: exchange.Citation
    version: Version
    start: int
    end: int
    first: int
    last: int
    prefix: str
    suffix: str


@dataclass
class Text:
    """A document's current version, folded once for many searches."""

    version: Version
    _passages: list[Passage] = field(init=False)

    def __post_init__(self) -> None:
        self._passages = list(self.version.passages.order_by("position"))

    @cached_property
    def folded(self) -> anchoring.Folded:
        return anchoring.fold(self.version.text)

    def nearest(self, quote: str) -> Passage:
        return self._passages[anchoring.nearest(quote, [passage.text for passage in self._passages])]

    def passages_of(self, start: int, end: int) -> tuple[int, int]:
        """Positions of the first and last passage that text[start:end] touches."""
        touched = [p.position for p in self._passages if p.start < end and p.end > start]
        return touched[0], touched[-1]


class Resolver:
    """Finds citations in documents; keeps each document's folded text for the time of one load."""

    def __init__(self, file: str = "") -> None:
        self.file = file
        self.problems: list[Problem] = []
        self._texts: dict[str, Text | None] = {}

    def resolve(
        self, note: exchange.Note, owner_id: int, standing: Collection[exchange.Citation] = ()
    ) -> tuple[exchange.Note, list[Source]]:
        """The note with the document's own words as quotes, and their places. Failures go to `problems`.

        Citations in `standing` are made already: they stay, even where the document has moved on.
        """
        cited: dict[exchange.Citation, Source | None] = {}
        for citation in note.citations:
            if citation in standing:
                cited[citation] = None
            elif source := self._find(citation, owner_id):
                cited[source.citation] = source
        resolved = replace(note, tags=tuple(sorted(set(note.tags))), citations=tuple(cited))
        return resolved, [source for source in cited.values() if source]

    def _text(self, slug: str, owner_id: int) -> Text | None:
        """Only documents of the author, or public ones, can be cited."""
        if slug not in self._texts:
            document = Document.objects.citable_by(owner_id).filter(slug=slug).first()
            self._texts[slug] = Text(document.current) if document and document.current else None
        return self._texts[slug]

    def _find(self, citation: exchange.Citation, owner_id: int) -> Source | None:
        if len(citation.quote) > LONGEST_QUOTE:
            return self._failed(
                citation, f"The quote is longer than {LONGEST_QUOTE} characters.", "Quote a clause."
            )
        if len(self.problems) >= MOST_PROBLEMS:  # looking for the nearest passage takes time
            return None
        text = self._text(citation.document, owner_id)
        if text is None:
            what = f"There is no document “{citation.document}”."
            return self._failed(citation, what, "Load the document first, or mend `source:`.")
        spans = self._at_passage(text, citation, anchoring.find(text.folded, citation.quote))
        if len(spans) != 1:
            return self._failed(citation, *_why_not(text, citation, spans))
        return self._source(text, citation, spans[0])

    def _at_passage(
        self, text: Text, citation: exchange.Citation, spans: Sequence[exchange.Span]
    ) -> Sequence[exchange.Span]:
        if citation.at is None or len(spans) < 2:
            return spans
        return [span for span in spans if text.passages_of(*span)[0] + 1 == citation.at]

    def _source(self, text: Text, citation: exchange.Citation, span: exchange.Span) -> Source:
        start, end = span
        whole = text.version.text
        first, last = text.passages_of(start, end)
        return Source(
            citation=replace(
                citation,
                quote=whole[start:end],
                answers=anchoring.project(whole, span, citation.quote, citation.answers),
            ),
            version=text.version,
            start=start,
            end=end,
            first=first,
            last=last,
            prefix=whole[max(start - anchoring.CONTEXT, 0) : start],
            suffix=whole[end : end + anchoring.CONTEXT],
        )

    def _failed(self, citation: exchange.Citation, what: str, mend: str) -> Source | None:
        """Note the problem; the citation has no source."""
        self.problems.append(Problem(self.file, citation.line, what, mend))
        return None


def _why_not(text: Text, citation: exchange.Citation, spans: Sequence[exchange.Span]) -> tuple[str, str]:
    """What is wrong with a quote that has no one place, and how to mend it."""
    if spans:
        numbers = ", ".join(str(text.passages_of(*span)[0] + 1) for span in spans)
        return (
            f"The quote “{_short(citation.quote)}” stands {len(spans)} times in “{citation.document}”.",
            f"Quote more of the sentence, or put `at: N` before it; it stands in passages {numbers}.",
        )
    if citation.at is not None and anchoring.find(text.folded, citation.quote):
        return (
            f"The quote “{_short(citation.quote)}” is not in passage {citation.at} of “{citation.document}”.",
            "Mend the number after `at:`.",
        )
    near = text.nearest(citation.quote)
    return (
        f"The quote “{_short(citation.quote)}” is not in “{citation.document}”.",
        f"Copy the words from the document. The nearest passage is {near.number}: “{near.text}”",
    )


def _short(text: str) -> str:
    return text if len(text) <= 80 else text[:77] + "…"
