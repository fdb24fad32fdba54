"""What a quiz asks: the form a card can take, the question made of it, and which cards are drawn. Pure."""

import random
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from cards import cloze, exchange

Form = Literal["choice", "multi", "typed", "cloze"]
Plain = Callable[[str], str]  # Markdown → its text alone

SHORT = 6  # words; a longer answer is not asked for in writing


@dataclass(frozen=True, slots=True)
class Posed:
    """A question as it will be frozen, in Markdown. The stem of a cloze keeps its deletion, as c1."""

    form: Form
    stem: str
    options: tuple[exchange.Option, ...] = ()  # in the order shown
    answers: tuple[str, ...] = ()  # the right one, then others accepted
    explanation: str = ""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A card that could be asked, and what it would give away."""

    card: int
    note: int
    form: Form
    sentences: frozenset[tuple[int, int]] = frozenset()  # (version, position) of what its note cites


def pose(note: exchange.Note, ordinal: int, plain: Plain, seed: str) -> Posed | None:
    """The question this card makes, or None if a quiz cannot ask it; `seed` orders the options."""
    if note.use == "study":
        return None
    match note.kind:
        case "choice":
            return _choice(note, seed)
        case "cloze":
            return _cloze(note, ordinal + 1, plain)
        case "basic" | "reversed":
            return _typed(note, ordinal, plain)
    return None


def draw(candidates: Iterable[Candidate], count: int, seed: int) -> list[Candidate]:
    """Up to `count`, the forms taking turns; never two of one note, two of one sentence only at need."""
    rng = random.Random(seed)  # noqa: S311  a choice to be repeated, not a secret
    piles: dict[Form, list[Candidate]] = {}
    for candidate in sorted(candidates, key=lambda candidate: candidate.card):
        piles.setdefault(candidate.form, []).append(candidate)
    turns = [piles[form] for form in sorted(piles)]
    rng.shuffle(turns)
    for pile in turns:
        rng.shuffle(pile)
    drawn: list[Candidate] = []
    _deal(turns, drawn, count, apart=True)
    _deal(turns, drawn, count, apart=False)
    rng.shuffle(drawn)
    return drawn


def _deal(piles: Sequence[list[Candidate]], drawn: list[Candidate], count: int, *, apart: bool) -> None:
    """Take from each pile in turn what does not clash with what is drawn, until `count` or the end."""
    fresh = True
    while fresh:
        fresh = False
        for pile in piles:
            found = next((c for c in pile if not _clashes(c, drawn, apart=apart)), None)
            if found is not None and len(drawn) < count:
                drawn.append(found)
                fresh = True


def _clashes(candidate: Candidate, drawn: Iterable[Candidate], *, apart: bool) -> bool:
    return any(
        candidate.note == other.note or (apart and candidate.sentences & other.sentences) for other in drawn
    )


def _choice(note: exchange.Note, seed: str) -> Posed | None:
    right = sum(option.right for option in note.options)
    if not 1 <= right < len(note.options) or (right > 1 and not note.multi):
        return None
    options = list(note.options)
    random.Random(seed).shuffle(options)  # noqa: S311  an order, not a secret
    form: Form = "multi" if note.multi else "choice"
    return Posed(form, note.question, options=tuple(options), explanation=note.explanation)


def _cloze(note: exchange.Note, number: int, plain: Plain) -> Posed | None:
    """One blank. A card that hides different answers at once has no one answer to type."""
    deletions = cloze.parse(note.question)
    answers = {deletion.answer for deletion in deletions if deletion.number == number}
    # Of a note with several cards nobody says which of them the other wordings are for.
    accepted = note.accept if len({deletion.number for deletion in deletions}) == 1 else ()
    if len(answers) != 1 or not _short(answer := answers.pop(), accepted, plain):
        return None
    stem = _only(note.question, deletions, number)
    return Posed("cloze", stem, answers=(answer, *accepted), explanation=note.explanation)


def _only(text: str, deletions: Iterable[cloze.Deletion], number: int) -> str:
    """The cloze text with this deletion alone, as c1; the others are filled in."""
    pieces, position = [], 0
    for deletion in deletions:
        body = text[deletion.start : deletion.end].split("::", 1)[1]
        asked = deletion.number == number
        # A brace shown as itself must not begin a deletion.
        kept = f"{{{{c1::{body}" if asked else deletion.answer.replace("{", r"\{")
        pieces += [text[position : deletion.start], kept]
        position = deletion.end
    return "".join([*pieces, text[position:]])


def _typed(note: exchange.Note, ordinal: int, plain: Plain) -> Posed | None:
    question, answer, accepted = note.question, note.answer, note.accept
    if ordinal:
        question, answer = note.reverse_question or note.answer, note.reverse_answer or note.question
        accepted = ()
    if not _short(answer, accepted, plain):
        return None
    return Posed("typed", question, answers=(answer, *accepted), explanation=note.explanation)


def _short(answer: str, accepted: Sequence[str], plain: Plain) -> bool:
    """Whether it can be asked for in writing: some words, not many, or other wordings are given."""
    words = len(plain(answer).split())
    return bool(words) and (words <= SHORT or bool(accepted))
