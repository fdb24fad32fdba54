"""The passage under an answer: the sentence before, the cited one with its answer marked, the one after."""

from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from functools import reduce
from itertools import pairwise
from operator import or_
from typing import Literal

from django.db.models import F, Q
from django.urls import reverse

from . import access, anchoring
from .exchange import Span
from .models import Anchor, Note, Passage

State = Literal["context", "cited", "answer"]


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of the cited sentence: outside the quote, in it, or the answering words."""

    text: str
    state: State


@dataclass(frozen=True, slots=True)
class Excerpt:
    """One citation as it is shown. `url` is empty where the viewer may not read the document."""

    document_id: int
    title: str
    status: str
    quote: str
    number: int | None = None
    first: int | None = None
    last: int | None = None
    pieces: tuple[Piece, ...] = ()
    before: Passage | None = None
    after: Passage | None = None
    url: str = ""


def current_anchors(notes: Collection[Note]) -> list[Anchor]:
    """Where the notes' citations stand in the current version of their documents, in citation order."""
    return list(
        Anchor.objects.filter(citation__note__in=notes, version=F("citation__document__current"))
        .select_related("citation__document")
        .order_by("citation__note", "citation__order")
    )


def excerpts(notes: Collection[Note], user: access.Viewer) -> dict[int, list[Excerpt]]:
    """Every citation of the notes, by note id. Two queries, however many notes."""
    anchors = current_anchors(notes)
    passages = _around(anchors)
    found: dict[int, list[Excerpt]] = defaultdict(list)
    guids = {note.pk: note.guid for note in notes}
    authors = {note.pk: note.owner_id for note in notes}
    for anchor in anchors:
        note_id = anchor.citation.note_id
        if access.may_quote(user, anchor.citation.document, authors[note_id]):
            found[note_id].append(_excerpt(anchor, passages, user, guids[note_id]))
        else:
            found[note_id].append(_quote_alone(anchor))
    return found


def narrowed(excerpt: Excerpt, answers: Collection[str]) -> Excerpt:
    """The excerpt with only those answering words marked that are one of `answers`; with all, if none is."""
    wanted = {_folded(answer) for answer in answers}
    marked = {piece for piece in excerpt.pieces if piece.state == "answer"}
    others = {piece for piece in marked if _folded(piece.text) not in wanted}
    if others == marked:
        return excerpt
    pieces = (Piece(piece.text, "cited") if piece in others else piece for piece in excerpt.pieces)
    return replace(excerpt, pieces=tuple(pieces))


def _folded(text: str) -> str:
    return anchoring.fold(text).text.strip()


def _around(anchors: list[Anchor]) -> dict[tuple[int, int], Passage]:
    """The anchored passages and their neighbours, by (version, position)."""
    wanted: dict[int, set[int]] = defaultdict(set)
    for anchor in anchors:
        if anchor.first is not None and anchor.last is not None:
            wanted[anchor.version_id] |= set(range(max(anchor.first - 1, 0), anchor.last + 2))
    if not wanted:
        return {}
    places = (Q(version=version, position__in=positions) for version, positions in wanted.items())
    found = Passage.objects.filter(reduce(or_, places))
    return {(passage.version_id, passage.position): passage for passage in found}


def _excerpt(
    anchor: Anchor, passages: dict[tuple[int, int], Passage], user: access.Viewer, guid: str
) -> Excerpt:
    citation, document = anchor.citation, anchor.citation.document
    url = reverse("document", args=[document.slug]) if access.may_read(user, document) else ""
    if anchor.first is None or anchor.last is None:
        return Excerpt(document.pk, document.title, anchor.status, citation.quote, url=url)
    cited = [passages[anchor.version_id, position] for position in range(anchor.first, anchor.last + 1)]
    return Excerpt(
        document_id=document.pk,
        title=document.title,
        status=anchor.status,
        quote=citation.quote,
        number=anchor.first + 1,
        first=anchor.first,
        last=anchor.last,
        pieces=tuple(_pieces(anchor, cited)),
        before=_neighbour(passages, cited[0], -1),
        after=_neighbour(passages, cited[-1], +1),
        url=url and f"{url}?note={guid}#p{anchor.first + 1}",
    )


def _quote_alone(anchor: Anchor) -> Excerpt:
    """What the note itself holds; nothing of the document as it stands now."""
    citation, document = anchor.citation, anchor.citation.document
    quote, answers = citation.quote, [(a, b) for a, b in citation.answers]
    edges = sorted({0, len(quote), *(edge for span in answers for edge in span)})
    pieces = tuple(Piece(quote[a:b], _state(a, [(0, len(quote))], answers)) for a, b in pairwise(edges))
    return Excerpt(document.pk, document.title, anchor.status, quote, pieces=pieces)


def _neighbour(passages: dict[tuple[int, int], Passage], passage: Passage, step: int) -> Passage | None:
    """The sentence beside it; a heading is no context."""
    found = passages.get((passage.version_id, passage.position + step))
    return found if found and found.kind != Passage.Kind.HEADING else None


def _pieces(anchor: Anchor, cited: list[Passage]) -> Iterator[Piece]:
    for number, passage in enumerate(cited):
        if number:
            yield Piece(" ", "cited")
        yield from pieces(passage, [anchor])


def pieces(passage: Passage, anchors: Collection[Anchor]) -> Iterator[Piece]:
    """Cut a cited sentence at the edges of the quotes and the answers (offsets in the version's text)."""
    quotes = [(anchor.start or 0, anchor.end or 0) for anchor in anchors]
    answers = [span for anchor in anchors for span in _answers(anchor)]
    edges = {passage.start, passage.end, *(edge for span in (*quotes, *answers) for edge in span)}
    inside = sorted(edge for edge in edges if passage.start <= edge <= passage.end)
    for a, b in pairwise(inside):
        yield Piece(passage.text[a - passage.start : b - passage.start], _state(a, quotes, answers))


def _answers(anchor: Anchor) -> list[Span]:
    # Answers are known relative to the quote as it was made; in a changed sentence only the clause is sure.
    sure = anchor.status in {Anchor.Status.EXACT, Anchor.Status.MOVED}
    start = anchor.start or 0
    return [(start + a, start + b) for a, b in anchor.citation.answers] if sure else []


def _state(at: int, quotes: Collection[Span], answers: Collection[Span]) -> State:
    if any(a <= at < b for a, b in answers):
        return "answer"
    return "cited" if any(a <= at < b for a, b in quotes) else "context"
