"""Documents come in, and their citations are carried from version to version."""

import hashlib
from dataclasses import asdict
from pathlib import Path

from django.db import transaction
from django.db.models import Max

from accounts.models import User
from cards import anchoring, passages, reading
from cards.exchange import InputError, Problem
from cards.models import Anchor, Deck, Document, Passage, Version, Visibility
from cards.resolving import Text

from .placing import place_cards
from .slugs import SLUG, unused_slug


@transaction.atomic
def ingest(
    owner: User,
    raw: bytes,
    name: str,
    *,
    slug: str = "",
    title: str = "",
    visibility: str = Visibility.PRIVATE,
) -> tuple[Document, str]:
    """Bring in a document or its new version: created, updated or unchanged. InputError if it is no text."""
    slug = slug or unused_slug(Path(name).stem)
    if not SLUG.fullmatch(slug):
        what = f"“{slug}” cannot stand in an address."
        raise InputError([Problem(name, 0, what, "Use letters, digits, - and _, 120 at most.")])
    document = Document.objects.filter(slug=slug).first()
    if document and document.owner_id != owner.pk:
        raise InputError(
            [Problem(name, 0, f"The slug “{slug}” belongs to another document.", "Choose another slug.")]
        )
    sha256 = hashlib.sha256(raw).hexdigest()
    if document and document.current and document.current.sha256 == sha256:
        return document, "unchanged"
    try:
        read = reading.read(raw, name)
    except reading.UnreadableError as error:
        raise InputError([error.problem]) from error
    outcome = "updated" if document else "created"
    if document is None:
        document = Document.objects.create(
            slug=slug, title=title or read.title, owner=owner, visibility=visibility
        )
    _add_version(document, raw, sha256, read)
    return document, outcome


def _add_version(document: Document, raw: bytes, sha256: str, read: reading.Reading) -> None:
    """Write the version with its passages and carry every citation over from the last one."""
    previous = document.current
    version = document.versions.filter(sha256=sha256).first()
    if version is None:  # else the document went back to bytes it had before
        number = document.versions.aggregate(last=Max("number"))["last"] or 0
        version = Version.objects.create(
            document=document, number=number + 1, format=read.format, raw=raw, sha256=sha256, text=read.text,
            repairs=[asdict(repair) for repair in read.repairs],
        )  # fmt: skip
        Passage.objects.bulk_create(
            Passage(version=version, text=read.text[passage.start : passage.end], **asdict(passage))
            for passage in passages.split(read.text, read.blocks)
        )
    document.current = version
    document.save(update_fields=["current"])
    if previous:
        _reanchor(previous, version)


def _reanchor(previous: Version, version: Version) -> None:
    text = Text(version)
    already = set(version.anchors.values_list("citation_id", flat=True))
    anchors = previous.anchors.select_related("citation", "citation__note").exclude(citation__in=already)
    Anchor.objects.bulk_create(_carried(anchor, text) for anchor in anchors)
    for deck in Deck.objects.filter(notes__citations__document=version.document).distinct():
        place_cards(deck)


def _carried(anchor: Anchor, text: Text) -> Anchor:
    citation = anchor.citation
    was = (anchor.start or 0, anchor.end or 0)
    place = anchoring.place(
        text.folded, text.version.text, citation.quote, citation.prefix, citation.suffix, was
    )
    moved = Anchor(
        citation=citation, version=text.version, status=place.status, start=place.start, end=place.end
    )
    if place.start is not None and place.end is not None:
        moved.first, moved.last = text.passages_of(place.start, place.end)
    return moved
