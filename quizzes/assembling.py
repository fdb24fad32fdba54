"""A quiz is made here: cards drawn with a seed, and their questions frozen as they stand."""

import secrets
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import asdict
from random import Random

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from cards import access, citing, library, markup
from cards.models import Card, Deck, Note

from . import questions, taking
from .models import Question, Quiz
from .questions import Candidate, Posed

QUESTIONS = 10
TITLE = 200  # characters a quiz's title may have
POOL = 500  # cards looked at, so that a deck of any size is quick to draw from


_NOTHING = _(
    "“%(deck)s” has nothing a quiz can ask yet. "
    "Add notes with options, with a blank, or with an answer of a few words."
)


class NothingToAskError(Exception):
    """No card of the deck can be asked in a quiz; the message says what to do."""


@transaction.atomic
def make(owner: User, deck: Deck, seed: int | None = None) -> Quiz:
    """A practice quiz from the deck and those below it, with its owner's attempt begun. NothingToAskError."""
    seed = secrets.randbits(63) if seed is None else seed
    cards = _pool(access.with_below(owner, deck), seed)
    posed = {card: question for card in cards if (question := _pose(card, seed))}
    drawn = questions.draw(_candidates(posed), QUESTIONS, seed)
    if not drawn:
        raise NothingToAskError(_NOTHING % {"deck": deck.name})
    quiz = Quiz.objects.create(owner=owner, code=secrets.token_urlsafe(12), title=_title(deck), seed=seed)
    by_id = {card.pk: card for card in posed}
    chosen = [by_id[candidate.card] for candidate in drawn]
    quiz.decks.set({deck.pk} | {card.deck_id for card in chosen})  # who may see them all may take it
    Question.objects.bulk_create(_frozen(quiz, n, card, posed[card]) for n, card in enumerate(chosen))
    taking.begin(quiz, owner)
    return quiz


def _title(deck: Deck) -> str:
    return deck.full_name if len(deck.full_name) <= TITLE else deck.name


def _pool(decks: Iterable[Deck], seed: int) -> list[Card]:
    """Cards a quiz may ask; of very many, a sample."""
    cards = Card.objects.live().filter(deck__in=decks, note__retired_at=None)
    cards = cards.exclude(note__use=Note.Use.STUDY).exclude(note__kind=Note.Kind.RENDERED)
    found = list(cards.order_by("pk").values_list("pk", flat=True))
    sample = Random(seed).sample(found, min(POOL, len(found)))  # noqa: S311  to be repeated, not a secret
    whole = cards.select_related("note").prefetch_related("note__tags", "note__citations__document")
    return list(whole.filter(pk__in=sample).order_by("pk"))


def _pose(card: Card, seed: int) -> Posed | None:
    note = library.to_exchange(card.note)
    return questions.pose(note, card.ordinal, markup.plain, seed=f"{seed}-{card.pk}")


def _candidates(posed: dict[Card, Posed]) -> list[Candidate]:
    """What each card would give away: the sentences its note cites."""
    sentences: dict[int, set[tuple[int, int]]] = defaultdict(set)
    for anchor in citing.current_anchors({card.note for card in posed}):
        if anchor.first is not None and anchor.last is not None:
            cited = range(anchor.first, anchor.last + 1)
            sentences[anchor.citation.note_id] |= {(anchor.version_id, position) for position in cited}
    return [
        Candidate(card.pk, card.note_id, question.form, frozenset(sentences[card.note_id]))
        for card, question in posed.items()
    ]


def _frozen(quiz: Quiz, position: int, card: Card, posed: Posed) -> Question:
    return Question(
        quiz=quiz,
        position=position,
        card=card,
        card_content_at=card.note.content_at,
        form=posed.form,
        stem=posed.stem,
        options=[asdict(option) for option in posed.options],
        answers=list(posed.answers),
        explanation=posed.explanation,
    )
