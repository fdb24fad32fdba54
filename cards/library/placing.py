"""The order of cards in a deck."""

from typing import Any

from cards.models import Card, Deck
from cards.signals import cards_placed


def lock(deck: Deck) -> None:
    """Hold the deck's order until the transaction ends; taken before any card of it: no deadlock."""
    Deck.objects.select_for_update(no_key=True).get(pk=deck.pk)


def place_cards(deck: Deck) -> None:
    """Number the deck's cards in document order (document, citation start, ordinal); uncited ones last."""
    lock(deck)
    rows = sorted(Card.objects.for_placing(deck), key=_place)
    moved = [Card(pk=row["pk"], position=place) for place, row in enumerate(rows) if row["position"] != place]
    Card.objects.bulk_update(moved, ["position"])
    lowest = min((card.position for card in moved), default=len(rows))
    cards_placed.send(Card, deck_id=deck.pk, lowest=lowest)


def _place(row: dict[str, Any]) -> tuple[Any, ...]:
    uncited = row["cited_at"] is None
    return (
        uncited,
        row["cited_document"] or 0,
        row["cited_at"] or 0,
        row["note__order"],
        row["note"],
        row["ordinal"],
    )
