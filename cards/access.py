"""Who may see or change what. Not yours = not found."""

from collections.abc import Collection
from typing import Any

from django.db.models import Q, QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404

from .models import Deck, Document, Note, Visibility

Viewer = Any  # a User, or Django's AnonymousUser


def _own(user: Viewer, owner: str = "owner") -> Q:
    """Rows of this person; of nobody when not signed in."""
    return Q(**{owner: user.pk}) if user.is_authenticated else Q(pk__in=[])


def decks(user: Viewer) -> QuerySet[Deck]:
    """Decks he finds in lists: his own and the public ones."""
    return Deck.objects.filter(_own(user) | Q(visibility=Visibility.PUBLIC), retired_at=None)


def reachable_decks(user: Viewer) -> QuerySet[Deck]:
    """Decks he may see: unlisted ones too, since whoever has the link may."""
    return Deck.objects.filter(_own(user) | ~Q(visibility=Visibility.PRIVATE), retired_at=None)


def deck(user: Viewer, slug: str) -> Deck:
    """The deck at this address, if he may see it."""
    return get_object_or_404(reachable_decks(user).select_related("parent", "owner"), slug=slug)


def with_below(user: Viewer, *tops: Deck) -> list[Deck]:
    """The decks and every deck below them that he finds in lists, each once. One query for each level."""
    found = {deck.pk: deck for deck in tops}
    level = list(found)
    while level:
        below = decks(user).filter(parent__in=level).exclude(pk__in=found)
        level = [deck.pk for deck in below]
        found |= {deck.pk: deck for deck in below}
    return list(found.values())


def documents(user: Viewer) -> QuerySet[Document]:
    """Documents he finds in lists."""
    return Document.objects.filter(_own(user) | Q(visibility=Visibility.PUBLIC), retired_at=None)


def document(user: Viewer, slug: str) -> Document:
    mine_or_shared = _own(user) | ~Q(visibility=Visibility.PRIVATE)
    return get_object_or_404(
        Document.objects.select_related("current").defer("current__raw", "current__text"),
        mine_or_shared,
        slug=slug,
        retired_at=None,
    )


def may_read(user: Viewer, document: Document) -> bool:
    """Whether a citation may link to its document's page."""
    return document.retired_at is None and (
        document.visibility != Visibility.PRIVATE or (user.is_authenticated and document.owner_id == user.pk)
    )


def may_quote(user: Viewer, document: Document, author_id: int) -> bool:
    """Whether a note may show the document's current sentences: to those who may read it, and to every reader
    of a note by the document's own owner, who published them so."""
    own = document.owner_id == author_id and document.retired_at is None
    return own or may_read(user, document)


def notes(user: Viewer, studied: Collection[int] = (), guid: str = "") -> QuerySet[Note]:
    """Live notes of decks he finds in lists or studies, and the one asked for: those he may see."""
    wanted = Q(deck__in=decks(user)) | Q(deck__in=studied) | Q(guid=guid)
    return Note.objects.filter(wanted, deck__in=reachable_decks(user), retired_at=None)


def note(user: Viewer, guid: str) -> Note:
    """The note at this address. Guids are unique per owner: his own comes before another's."""
    if not guid.isprintable():
        raise Http404
    mine_or_shared = _own(user) | Q(~Q(deck__visibility=Visibility.PRIVATE), retired_at=None)
    found = Note.objects.select_related("deck__parent", "owner").filter(
        mine_or_shared, guid=guid, deck__retired_at=None
    )
    own_first = sorted(found, key=lambda note: (note.owner_id != user.pk, note.pk))
    if not own_first:
        raise Http404
    return own_first[0]
