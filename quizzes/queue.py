"""Which card next: repeats, due and new cards of a study day, in an order that gives nothing away."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.models import User
from cards import access
from cards.models import Card, Deck, Document, Note, Passage

from . import days, reviewing, scheduling, spoiling
from .models import Enrollment, Mark, Review, Schedule
from .spoiling import Place, Spot, spots

REPEAT_AFTER = timedelta(minutes=10)
APART = 10  # cards between two that would give each other away
LOOK_AHEAD = 50  # due cards of a deck looked at when choosing one
SPARE = 4  # new cards looked at for each that may be taught: siblings wait, and a cloze may have many


@dataclass(frozen=True, slots=True)
class Ask:
    """Show this card's question."""

    card: Card
    kind: str  # new, due or repeat


@dataclass(frozen=True, slots=True)
class Read:
    """Show this paragraph before the first question about it. `cards` are the new cards it teaches."""

    document: Document
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
    due_beyond: int = 0  # due, but beyond the decks' limits
    read_at: dict[int, datetime] = field(default_factory=dict)  # new card → when its paragraph was read today
    known: set[int] = field(default_factory=set)  # notes of new cards that have another card in the schedule
    put_away: set[int] = field(default_factory=set)  # cards answered today, then suspended or buried
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
            and row.card.note.use != Note.Use.QUIZ
            and row.card_id not in self.put_away
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
    def number(self) -> int:
        """Of the card being shown, as people count."""
        return min(self.done + 1, self.total)


def enrollments(learner: User, slug: str = "") -> list[Enrollment]:
    """The decks he studies: all, or the deck with this slug and those below it."""
    mine = Enrollment.objects.studied_by(learner)
    top = Deck.objects.filter(slug=slug).first() if slug else None
    if top is None:
        return [] if slug else list(mine)
    return list(mine.filter(deck__in=access.with_below(learner, top)))


# --- Loading -------------------------------------------------------------------------------------


def load(learner: User, enrollments: Sequence[Enrollment], day: date) -> Day:
    """The day as it stands, in a fixed number of queries whatever the number of cards and decks."""
    plan = Day(learner, enrollments, day)
    decks = [enrollment.deck_id for enrollment in enrollments]
    plan.rows = list(
        learner.reviews.filter(day=day, undone_at=None, kind__in=reviewing.ANSWERS, card__deck__in=decks)
        .select_related("card__note")
        .order_by("pk")
    )
    _load_due(plan, decks)
    plan.new = _new_cards(plan)
    _load_marks(plan)
    notes = {card.note_id for card in (*plan.due, *plan.new)}
    notes |= {row.card.note_id for row in (*plan.rows[-APART:], *plan.repeats)}
    plan.spots = spots(notes, learner)
    known = learner.schedules.filter(card__note__in=[card.note_id for card in plan.new])
    plan.known = set(known.values_list("card__note", flat=True))
    return plan


def _load_due(plan: Day, decks: list[int]) -> None:
    due = Schedule.objects.due(plan.learner, decks, plan.day)
    reviewed = [row for row in plan.rows if row.kind == Review.Kind.REVIEW and (row.reps or 0) > 1]
    given = Counter(row.card.deck_id for row in reviewed)
    counts = due.per_deck()
    for enrollment in plan.enrollments:
        deck, limit = enrollment.deck_id, enrollment.reviews_per_day
        room = counts.get(deck, 0) if limit is None else max(limit - given[deck], 0)
        plan.due_count[deck] = min(counts.get(deck, 0), room)
    plan.due_beyond = sum(counts.values()) - sum(plan.due_count.values())
    shuffled = due.shuffled(plan.day)
    firsts = [
        shuffled.filter(deck=deck)[: min(count, LOOK_AHEAD)]
        for deck, count in plan.due_count.items()
        if count
    ]
    chosen = Schedule.objects.filter(pk__in=_united(firsts)).shuffled(plan.day)
    plan.due = [schedule.card for schedule in chosen.select_related("card__note")]


def _united(queries: Sequence[QuerySet[Any]]) -> list[int]:
    """The primary keys the limited queries give, in one query."""
    if not queries:
        return []
    # A limit inside UNION wants a subquery of its own on SQLite.
    first, *others = [query.model._default_manager.filter(pk__in=query.values("pk")) for query in queries]
    return list(first.order_by().values_list("pk", flat=True).union(
        *(other.order_by().values_list("pk", flat=True) for other in others), all=True
    ))  # fmt: skip


def _new_cards(plan: Day) -> list[Card]:
    """Today's new cards in document order, one a note, within each deck's limit."""
    begun = Counter(_begun(plan).values())
    room = {e.deck_id: max(e.new_per_day - begun[e.deck_id], 0) for e in plan.enrollments}
    notes = {row.card.note_id for row in plan.rows} | {card.note_id for card in plan.due}
    chosen = []
    for card in _candidates(plan, room):
        if room[card.deck_id] and card.note_id not in notes:
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


def _candidates(plan: Day, room: Mapping[int, int]) -> Iterable[Card]:
    """New cards of each deck from its cursor on, with some to spare for siblings that must wait."""
    new = new_to(plan.learner, plan.day).order_by("position")
    firsts = [
        new.filter(deck=e.deck_id, position__gte=e.cursor)[: SPARE * room[e.deck_id]]
        for e in plan.enrollments
        if room[e.deck_id]
    ]
    chosen = Card.objects.filter(pk__in=_united(firsts)).select_related("note")
    return chosen.order_by("deck__name", "deck", "position")


def new_to(learner: User, day: date) -> QuerySet[Card]:
    """Cards this learner may be taught on this day: in no schedule, not put away, no twin before its time."""
    known = Schedule.objects.filter(learner=learner, card=OuterRef("pk"))
    first_known = Schedule.objects.filter(
        learner=learner, card__note=OuterRef("note"), card__ordinal=0, repetitions__gte=2
    )
    put_away = Mark.objects.put_away(learner, day).filter(card=OuterRef("pk"))
    twin_too_soon = Q(note__kind=Note.Kind.REVERSED, ordinal=1) & ~Exists(first_known)
    live = Card.objects.live().filter(~Exists(known), ~Exists(put_away), note__retired_at=None)
    return live.exclude(note__use=Note.Use.QUIZ).exclude(twin_too_soon)


def _load_marks(plan: Day) -> None:
    """When paragraphs were read today, and which repeats were put away since."""
    learner = plan.learner
    begins = days.day_begins(plan.day, learner.zone, learner.day_start)
    marks = Mark.objects.filter(learner=learner, card__in=plan.new, read_at__gte=begins)
    plan.read_at = {mark.card_id: mark.read_at for mark in marks if mark.read_at}
    answered = {row.card_id for row in plan.rows}
    put_away = Mark.objects.put_away(learner, plan.day).filter(card__in=answered)
    plan.put_away = set(put_away.values_list("card", flat=True))


# --- Choosing ------------------------------------------------------------------------------------


def choose(plan: Day, now: datetime) -> Ask | Read | None:
    """The next thing to show, or None when the day is done. The same until something is answered or read."""
    recent = _recent(plan)
    waited = [row.card for row in plan.repeats if now - row.at >= REPEAT_AFTER]
    if waited:
        return Ask(_first_apart(plan, waited, recent), "repeat")
    fresh = _choose_new(plan, recent, pressed=not plan.due)
    due = Ask(_first_apart(plan, plan.due, recent), "due") if plan.due else None
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


def _first_apart(plan: Day, cards: Sequence[Card], recent: Sequence[Card]) -> Card:
    """The first that gives nothing away, else the first."""
    return next((card for card in cards if _apart(plan, card, recent)), cards[0])


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
    unread = [card for card in plan.new if not _is_read(plan, card)]
    closed = spoiling.closed(plan) if unread else set()
    for card in unread:
        if _paragraph(plan, card) not in closed:
            return _reading(plan, card)
    if pressed and ready:
        return Ask((settled or ready)[0], "new")
    return None


def _is_read(plan: Day, card: Card) -> bool:
    """Its paragraph was shown today, or need not be: another card of the note is known already."""
    wanted = {e.deck_id for e in plan.enrollments if e.read_first}
    need_not = card.deck_id not in wanted or card.note_id not in plan.spots or card.note_id in plan.known
    return need_not or card.pk in plan.read_at


def _paragraph(plan: Day, card: Card) -> Place:
    spot = plan.spots[card.note_id][0]
    return spot.version, spot.block


def _something_between(plan: Day, card: Card) -> bool:
    read = plan.read_at.get(card.pk)
    if read is None:
        return True
    return any(row.at > read for row in plan.rows) or any(at > read for at in plan.read_at.values())


def _reading(plan: Day, card: Card) -> Read:
    """The paragraph; of a document the learner may not read, only the sentences around the cited one."""
    spot = plan.spots[card.note_id][0]
    passages = Passage.objects.filter(version=spot.version, block=spot.block).order_by("position")
    document = Document.objects.get(versions=spot.version)
    if access.may_read(plan.learner, document):
        return Read(document, tuple(passages), tuple(_taught(plan, card)))
    around = passages.filter(position__range=(max(spot.first - 1, 0), spot.last + 1))
    return Read(document, tuple(around), (card,))


def _taught(plan: Day, card: Card) -> Iterable[Card]:
    """The new cards that come from this card's paragraph, itself first."""
    yield card
    for other in plan.new:
        unread = other.pk != card.pk and not _is_read(plan, other)
        if unread and other.note_id in plan.spots and _paragraph(plan, other) == _paragraph(plan, card):
            yield other


def taught_with(plan: Day, card_id: int) -> list[Card]:
    """The cards that are taught once the paragraph of this one is read; empty if it is not new today."""
    card = next((card for card in plan.new if card.pk == card_id and card.note_id in plan.spots), None)
    return list(_reading(plan, card).cards) if card else []
