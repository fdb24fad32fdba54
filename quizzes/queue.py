"""Which card next: repeats, due and new cards of a study day, in an order that gives nothing away."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cached_property

from django.db.models import Exists, F, OuterRef, Q

from accounts.models import User
from cards.models import Anchor, Card, Deck, Note, Passage

from . import scheduling
from .models import Enrollment, Mark, Review, Schedule

REPEAT_AFTER = timedelta(minutes=10)
APART = 10  # cards between two that would give each other away
LOOK_AHEAD = 200  # due cards looked at when choosing one


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


@dataclass(frozen=True, slots=True)
class Ask:
    """Show this card's question."""

    card: Card
    kind: str  # new, due or repeat


@dataclass(frozen=True, slots=True)
class Read:
    """Show this paragraph before the first question about it. `cards` are the new cards it teaches."""

    passages: tuple[Passage, ...]
    cards: tuple[Card, ...]


@dataclass
class Day:
    """One learner's study day over some of his decks; everything is loaded in a fixed number of queries."""

    learner: User
    enrollments: Sequence[Enrollment]
    day: date
    rows: list[Review] = field(default_factory=list)  # today's answers that count, oldest first
    due: list[Card] = field(default_factory=list)
    due_count: dict[int, int] = field(default_factory=dict)  # deck → cards due, within its limit
    new: list[Card] = field(default_factory=list)
    read_at: dict[int, datetime] = field(default_factory=dict)  # new card → when its paragraph was read
    spots: dict[int, list[Spot]] = field(default_factory=dict)  # note → sentences it cites

    @cached_property
    def new_count(self) -> Counter[int]:
        return Counter(card.deck_id for card in self.new)

    @cached_property
    def repeats(self) -> list[Review]:
        """The last answer of each card that must come back today, the longest waiting first."""
        last = {row.card_id: row for row in self.rows}
        return [
            row
            for row in sorted(last.values(), key=lambda row: row.at)
            if row.quality is not None
            and scheduling.needs_repeat(row.quality)
            and row.card.retired_at is None
        ]

    @property
    def left(self) -> int:
        return sum(self.due_count.values()) + len(self.new) + len(self.repeats)

    @property
    def done(self) -> int:
        """Cards answered today that need not come back."""
        return len({row.card_id for row in self.rows}) - len(self.repeats)

    @property
    def total(self) -> int:
        return self.done + self.left

    @property
    def at(self) -> int:
        """The number of the card being shown, as people count."""
        return min(self.done + 1, self.total)


def enrollments(learner: User, slug: str = "") -> list[Enrollment]:
    """The decks he studies: all, or the deck with this slug and those below it."""
    mine = Enrollment.objects.studied_by(learner)
    if not slug:
        return list(mine)
    return list(_below(mine, slug))


def _below(mine: Iterable[Enrollment], slug: str) -> Iterable[Enrollment]:
    for enrollment in mine:
        deck: Deck | None = enrollment.deck
        while deck is not None:
            if deck.slug == slug:
                yield enrollment
                break
            deck = deck.parent


# --- Loading -------------------------------------------------------------------------------------


def load(learner: User, enrollments: Sequence[Enrollment], day: date) -> Day:
    """The day as it stands. Eight queries, whatever the number of cards and decks."""
    plan = Day(learner, enrollments, day)
    decks = [enrollment.deck_id for enrollment in enrollments]
    plan.rows = list(
        learner.reviews.filter(day=day, undone_at=None, quality__isnull=False, card__deck__in=decks)
        .exclude(kind=Review.Kind.IMPORTED)
        .select_related("card__note")
        .order_by("pk")
    )
    _load_due(plan, decks)
    plan.new = _new_cards(plan)
    marks = Mark.objects.filter(learner=learner, card__in=plan.new, read_at__isnull=False)
    plan.read_at = {mark.card_id: mark.read_at for mark in marks if mark.read_at}
    notes = {card.note_id for card in (*plan.due, *plan.new)} | {
        row.card.note_id for row in plan.rows[-APART:]
    }
    notes |= {row.card.note_id for row in plan.repeats}
    plan.spots = _spots(notes)
    return plan


def _load_due(plan: Day, decks: list[int]) -> None:
    due = Schedule.objects.due(plan.learner, decks, plan.day)
    limits = {enrollment.deck_id: enrollment.reviews_per_day for enrollment in plan.enrollments}
    reviewed = [row for row in plan.rows if row.kind == Review.Kind.REVIEW and (row.reps or 0) > 1]
    given = Counter(row.card.deck_id for row in reviewed)
    counts = due.per_deck()
    plan.due_count = {deck: _within(n, limits[deck], given[deck]) for deck, n in counts.items()}
    taken: Counter[int] = Counter()
    schedules = list(due.select_related("card__note").order_by("due", "pk")[:LOOK_AHEAD])
    for schedule in sorted(schedules, key=lambda s: (s.due, _shuffled(plan.day, s.card_id))):
        if taken[schedule.deck_id] < plan.due_count[schedule.deck_id]:
            taken[schedule.deck_id] += 1
            plan.due.append(schedule.card)


def _within(count: int, limit: int | None, given: int) -> int:
    return count if limit is None else min(count, max(limit - given, 0))


def _shuffled(day: date, card: int) -> bytes:
    """A place among the cards of the same due day: another every day, the same all day long."""
    return hashlib.blake2b(f"{day}-{card}".encode(), digest_size=8).digest()


def _new_cards(plan: Day) -> list[Card]:
    """Today's new cards in document order, one a note, within each deck's limit."""
    room = Counter({e.deck_id: e.new_per_day for e in plan.enrollments})
    room.subtract(Counter(_begun(plan).values()))
    notes = {row.card.note_id for row in plan.rows} | {card.note_id for card in plan.due}
    chosen = []
    for card in _candidates(plan):
        if room[card.deck_id] > 0 and card.note_id not in notes:
            room[card.deck_id] -= 1
            notes.add(card.note_id)  # its siblings wait for tomorrow
            chosen.append(card)
    return chosen


def _begun(plan: Day) -> dict[int, int]:
    """Cards that were new this morning and have had an answer, passed or not: card → deck."""
    begun = [
        row for row in plan.rows if row.reps is None or (row.kind == Review.Kind.REVIEW and row.reps == 1)
    ]
    return {row.card_id: row.card.deck_id for row in begun}


def _candidates(plan: Day) -> Iterable[Card]:
    """Cards without a schedule from each deck's cursor on; a window, so that a large deck costs no more."""
    learner = plan.learner
    known = Schedule.objects.filter(learner=learner, card=OuterRef("pk"))
    marks = Mark.objects.filter(learner=learner, card=OuterRef("pk"))
    put_away = marks.filter(Q(suspended_at__isnull=False) | Q(buried_on=plan.day))
    first_known = Schedule.objects.filter(
        learner=learner, card__note=OuterRef("note"), card__ordinal=0, repetitions__gte=2
    )
    studied = Enrollment.objects.filter(
        learner=learner, deck=OuterRef("deck"), cursor__lte=OuterRef("position"),
        cursor__gt=OuterRef("position") - 3 * F("new_per_day") - 50,
    )  # fmt: skip
    twin_too_soon = Q(note__kind=Note.Kind.REVERSED, ordinal=1) & ~Exists(first_known)
    return (
        Card.objects.live()
        .filter(Exists(studied), deck__in=[e.deck_id for e in plan.enrollments], note__retired_at=None)
        .exclude(note__use=Note.Use.QUIZ)
        .exclude(twin_too_soon)
        .filter(~Exists(known), ~Exists(put_away))
        .select_related("note")
        .order_by("deck__name", "deck", "position")
    )


def _spots(notes: Iterable[int]) -> dict[int, list[Spot]]:
    anchors = Anchor.objects.filter(
        citation__note__in=notes, version=F("citation__document__current"), first__isnull=False
    ).annotate(
        note_id=F("citation__note"),
        block=Passage.objects.filter(version=OuterRef("version"), position=OuterRef("first")).values("block")[
            :1
        ],
    )
    found: dict[int, list[Spot]] = {}
    for note, *place in anchors.order_by("citation__order").values_list(
        "note_id", "version", "first", "last", "block"
    ):
        found.setdefault(note, []).append(Spot(*place))
    return found


# --- Choosing ------------------------------------------------------------------------------------


def choose(plan: Day, now: datetime) -> Ask | Read | None:
    """The next thing to show, or None when the day is done. The same until something is answered or read."""
    repeats = [row for row in plan.repeats if now - row.at >= REPEAT_AFTER]
    if repeats:
        return Ask(repeats[0].card, "repeat")
    recent = _recent(plan)
    fresh = _choose_new(plan, recent, pressed=not plan.due)
    due = _choose_due(plan, recent)
    if fresh and due:
        return fresh if _new_is_next(plan, fresh) else due
    if fresh or due:
        return fresh or due
    return Ask(plan.repeats[0].card, "repeat") if plan.repeats else None


def _recent(plan: Day) -> list[Card]:
    """The last cards shown, from which neighbours and siblings keep away."""
    return [row.card for row in plan.rows[-APART:]]


def _apart(plan: Day, card: Card, recent: Sequence[Card]) -> bool:
    spots = plan.spots.get(card.note_id, [])
    for other in recent:
        if other.note_id == card.note_id:
            return False
        if any(a.near(b) for a in spots for b in plan.spots.get(other.note_id, [])):
            return False
    return True


def _choose_due(plan: Day, recent: Sequence[Card]) -> Ask | None:
    if not plan.due:
        return None
    apart = (card for card in plan.due if _apart(plan, card, recent))
    return Ask(next(apart, plan.due[0]), "due")


def _new_is_next(plan: Day, fresh: Ask | Read) -> bool:
    """Mix steadily: the share of new cards done keeps pace with that of due ones."""
    new_after = {e.deck_id for e in plan.enrollments if e.order == Enrollment.Order.AFTER}
    card = fresh.card if isinstance(fresh, Ask) else fresh.cards[0]
    if card.deck_id in new_after:
        return False
    last_answer = plan.rows[-1].at if plan.rows else None
    last_read = max(plan.read_at.values(), default=None)
    if isinstance(fresh, Read) and last_read and (last_answer is None or last_read > last_answer):
        return False  # one paragraph at a time while there is something else to do
    done = Counter("new" if row.reps == 1 else "due" for row in plan.rows if row.kind == Review.Kind.REVIEW)
    due_total = done["due"] + sum(plan.due_count.values())
    return done["new"] * due_total <= done["due"] * (done["new"] + len(plan.new))


def _choose_new(plan: Day, recent: Sequence[Card], *, pressed: bool) -> Ask | Read | None:
    """A new card whose paragraph was read a while ago, else the next paragraph.

    `pressed`: there is nothing else to show, so a card just read about, or a neighbour, must do.
    """
    ready = [card for card in plan.new if _is_read(plan, card)]
    settled = [card for card in ready if _something_between(plan, card)]
    for card in settled:
        if _apart(plan, card, recent):
            return Ask(card, "new")
    unread = next((card for card in plan.new if not _is_read(plan, card)), None)
    if unread is not None:
        return _reading(plan, unread)
    if pressed and ready:
        return Ask((settled or ready)[0], "new")
    return None


def _is_read(plan: Day, card: Card) -> bool:
    """Its paragraph was shown, or need not be."""
    wanted = {e.deck_id for e in plan.enrollments if e.read_first}
    return card.deck_id not in wanted or card.note_id not in plan.spots or card.pk in plan.read_at


def _something_between(plan: Day, card: Card) -> bool:
    read = plan.read_at.get(card.pk)
    if read is None:
        return True
    return any(row.at > read for row in plan.rows) or any(at > read for at in plan.read_at.values())


def _reading(plan: Day, card: Card) -> Read:
    spot = plan.spots[card.note_id][0]
    passages = Passage.objects.filter(version=spot.version, block=spot.block).order_by("position")
    return Read(tuple(passages), tuple(_taught(plan, spot)))


def _taught(plan: Day, spot: Spot) -> Iterable[Card]:
    for card in plan.new:
        spots = plan.spots.get(card.note_id)
        if (
            spots
            and (spots[0].version, spots[0].block) == (spot.version, spot.block)
            and not _is_read(plan, card)
        ):
            yield card


def mark_read(plan: Day, card_id: int, now: datetime) -> bool:
    """Note that the paragraph which teaches this new card was read; False if the card is not new today."""
    card = next((card for card in plan.new if card.pk == card_id and card.note_id in plan.spots), None)
    if card is None:
        return False
    taught = _taught(plan, plan.spots[card.note_id][0])
    Mark.objects.bulk_create(
        [Mark(learner=plan.learner, card=each, read_at=now) for each in taught],
        update_conflicts=True, unique_fields=["learner", "card"], update_fields=["read_at"],
    )  # fmt: skip
    return True


def pending_spots(plan: Day, besides: Card) -> set[tuple[int, int]]:
    """(version, position) of every sentence that carries a card still to be asked today, but this one."""
    repeats = [row.card for row in plan.repeats]
    pending = {card.note_id for card in (*plan.due, *plan.new, *repeats) if card.pk != besides.pk}
    return {
        (spot.version, position)
        for note in pending - {besides.note_id}
        for spot in plan.spots.get(note, [])
        for position in range(spot.first, spot.last + 1)
    }
