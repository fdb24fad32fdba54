"""Neighbours spoil: which sentences and paragraphs would give away a card still to be asked today."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from accounts.models import User
from cards.models import Anchor, Card, Passage, Visibility

from .models import Schedule

if TYPE_CHECKING:
    from .queue import Day

Place = tuple[int, int]  # a version, and the position of a passage or paragraph in it


@dataclass(frozen=True, slots=True)
class Spot:
    """A sentence a note cites: version and positions of the passages, and its paragraph."""

    version: int
    first: int
    last: int
    block: int

    def near(self, other: "Spot") -> bool:
        """The same or the next sentence."""
        return self.version == other.version and self.first <= other.last + 1 and other.first <= self.last + 1


def spots(notes: Iterable[int], learner: User) -> dict[int, list[Spot]]:
    """Where the notes' citations stand, in documents the learner may be shown (access.may_quote, in SQL)."""
    own = Q(citation__document__owner=learner) | Q(citation__document__owner=F("citation__note__owner"))
    shown = own | ~Q(citation__document__visibility=Visibility.PRIVATE)
    first = Passage.objects.filter(version=OuterRef("version"), position=OuterRef("first"))
    anchors = Anchor.objects.filter(
        shown,
        citation__note__in=notes,
        citation__document__retired_at=None,
        version=F("citation__document__current"),
        first__isnull=False,
    ).annotate(note_id=F("citation__note"), block=first.values("block")[:1])
    found: dict[int, list[Spot]] = {}
    for note, *place in anchors.order_by("citation__order").values_list(
        "note_id", "version", "first", "last", "block"
    ):
        found.setdefault(note, []).append(Spot(*place))
    return found


def pending_places(plan: "Day", besides: Card, near: Collection[Place]) -> set[Place]:
    """Those of the passages `near` that carry a card still to be asked today, but this one's note."""
    new = {card.note_id for card in (*plan.new, *(row.card for row in plan.repeats))} - {besides.note_id}
    taught = {
        (spot.version, position)
        for note in new
        for spot in plan.spots.get(note, [])
        for position in range(spot.first, spot.last + 1)
    }
    return {place for place in near if place in taught} | _due_at(plan, besides, near)


def _due_at(plan: "Day", besides: Card, near: Collection[Place]) -> set[Place]:
    """Those of the passages that carry a due card; however many are due, only these places are looked up."""
    if not near:
        return set()
    here = reduce(or_, (Q(version=version, first__lte=at, last__gte=at) for version, at in near))
    found = _due_anchors(plan).filter(here).exclude(citation__note=besides.note_id)
    return {place for anchor in found for place in near if _holds(anchor, place)}


def _holds(anchor: Anchor, place: Place) -> bool:
    version, position = place
    return anchor.version_id == version and (anchor.first or 0) <= position <= (anchor.last or 0)


def _due_anchors(plan: "Day") -> QuerySet[Anchor]:
    decks = [enrollment.deck_id for enrollment in plan.enrollments]
    due = Schedule.objects.due(plan.learner, decks, plan.day)
    return Anchor.objects.filter(Exists(due.filter(card__note=OuterRef("citation__note"))))


def closed(plan: "Day") -> set[Place]:
    """Paragraphs (version, block) of new cards that also carry a due one: reading them would give it away."""
    versions = {plan.spots[card.note_id][0].version for card in plan.new if card.note_id in plan.spots}
    if not versions or not any(plan.due_count.values()):
        return set()
    first = Passage.objects.filter(version=OuterRef("version"), position=OuterRef("first"))
    due = _due_anchors(plan).filter(version__in=versions).annotate(block=first.values("block")[:1])
    return set(due.values_list("version", "block").distinct())
