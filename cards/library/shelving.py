"""Decks and documents as the panel edits them: names, places, readers, and whether they are still shown."""

from collections.abc import Collection, Iterable

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from cards.models import Deck, Document, Visibility

from .slugs import new_guid, unused_slug

SLUG_LENGTH = 120


@transaction.atomic
def save_deck(deck: Deck, *, fields: Collection[str]) -> Deck:
    """Write these fields of the deck. A new one is written whole and gets its slug, which stays."""
    if deck.pk:
        deck.save(update_fields=fields)
        return deck
    deck.slug = unused_slug(deck.name)
    if deck.visibility == Visibility.UNLISTED:
        tail = f"-{new_guid()}"
        deck.slug = deck.slug[: SLUG_LENGTH - len(tail)] + tail
    deck.save()
    return deck


def save_document(document: Document, *, fields: Collection[str]) -> Document:
    """Write these fields of a document that was ingested."""
    document.save(update_fields=fields)
    return document


@transaction.atomic
def retire_decks(decks: Iterable[Deck]) -> int:
    """Retire the decks and every deck below them; how many were live until now."""
    return _live_or_retired(_with_those_below(decks), retired=False).update(retired_at=timezone.now())


@transaction.atomic
def revive_decks(decks: Iterable[Deck]) -> int:
    """Revive these decks alone, since those below may have been retired for themselves; how many were."""
    return _live_or_retired({deck.pk for deck in decks}, retired=True).update(retired_at=None)


def _with_those_below(decks: Iterable[Deck]) -> set[int]:
    """Ids of the decks and of every deck below them."""
    found: set[int] = set()
    level = {deck.pk for deck in decks}
    while level:
        found |= level
        level = set(Deck.objects.filter(parent__in=level).values_list("pk", flat=True)) - found
    return found


def _live_or_retired(ids: Collection[int], *, retired: bool) -> QuerySet[Deck]:
    """Those of the decks that stand so, held in one order until the transaction ends: no deadlock."""
    rows = Deck.objects.filter(pk__in=ids, retired_at__isnull=not retired)
    held = rows.select_for_update(no_key=True).order_by("pk").values_list("pk", flat=True)
    return Deck.objects.filter(pk__in=list(held))
