"""Decks and notes as they stand in lists."""

from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Count, Min, Q, QuerySet

from .models import Deck, Note

PER_PAGE = 100


def listed(decks: QuerySet[Deck]) -> Any:
    """With `card_count`, the number of live cards."""
    return decks.annotate(card_count=Count("cards", filter=Q(cards__retired_at=None)))


def paged_notes(deck: Deck, number: str | None) -> "Page[Note]":
    """A page of the deck's live notes, in the order of its cards."""
    notes = (
        Note.objects.live()
        .filter(deck=deck)
        .annotate(place=Min("cards__position"))
        .order_by("place", "order")
    )
    return Paginator(notes.prefetch_related("tags"), PER_PAGE).get_page(number)
