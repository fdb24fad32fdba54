"""Decks and notes as they stand in lists."""

from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Count, F, Min, Q, QuerySet
from django.db.models.functions import Coalesce

from .models import Deck, Note, Tag

PER_PAGE = 100


def listed(decks: QuerySet[Deck]) -> Any:
    """With `card_count`, the number of live cards."""
    return decks.annotate(card_count=Count("cards", filter=Q(cards__retired_at=None)))


def with_parents(decks: QuerySet[Deck]) -> Any:
    """`listed`, for lists of full names: children follow their parent."""
    order = (Coalesce("parent__name", "name"), F("parent").asc(nulls_first=True), "name", "pk")
    return listed(decks).select_related("parent").order_by(*order)


def common_tags(deck: Deck) -> set[str]:
    """The tags that every live note of the deck has: they tell nothing there."""
    notes = Note.objects.live().filter(deck=deck)
    tags = Tag.objects.filter(notes__in=notes).annotate(uses=Count("notes", filter=Q(notes__in=notes)))
    return set(tags.filter(uses=notes.count()).values_list("name", flat=True))


def paged_notes(deck: Deck, number: str | None) -> "Page[Note]":
    """A page of the deck's live notes, in the order of its cards."""
    notes = (
        Note.objects.live()
        .filter(deck=deck)
        .annotate(place=Min("cards__position"))
        .order_by("place", "order")
    )
    return Paginator(notes.prefetch_related("tags"), PER_PAGE).get_page(number)
