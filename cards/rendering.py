"""A note's card as HTML: question, answer, options. Used by study, quizzes, the admin's preview and Anki."""

import random
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from cards import cloze, markup

from .models import Note

NOTHING = SafeString()


@dataclass(frozen=True, slots=True)
class ShownOption:
    """An option in the order shown. `index` is its place in the note."""

    index: int
    html: SafeString
    right: bool
    reason: SafeString


@dataclass(frozen=True, slots=True)
class Face:
    """Both sides of one card."""

    question: SafeString
    answer: SafeString
    options: tuple[ShownOption, ...] = ()
    multi: bool = False
    explanation: SafeString = NOTHING
    caution: SafeString = NOTHING


def face(note: Note, ordinal: int, seed: str = "") -> Face:
    """The card's two sides; `seed` shuffles the options, empty keeps the author's order."""
    question, answer = _sides(note, ordinal)
    return Face(
        question=question,
        answer=answer,
        options=_options(note, seed),
        multi=note.multi,
        explanation=markup.block(note.explanation),
        caution=markup.block(note.caution),
    )


def faces(note: Note, ordinals: Iterable[int]) -> list[Face]:
    """The note's cards as its own page shows them: a cloze once, with every blank filled and marked."""
    if note.kind == "cloze":
        whole = _cloze(cloze.segments(note.question, 0), "other", _marked)
        return [replace(face(note, 0), question=whole, answer=NOTHING)]
    return [face(note, ordinal) for ordinal in ordinals]


def asked_words(note: Note, ordinal: int) -> list[str]:
    """The words this card asks for, plain, where a sibling asks for others of the same quote; else empty."""
    match note.kind:
        case "cloze":
            return [markup.plain(piece.text) for piece in _missing(note, ordinal)]
        case "reversed":
            return [markup.plain(_texts(note, ordinal)[1])]
    return []


def _sides(note: Note, ordinal: int) -> tuple[SafeString, SafeString]:
    match note.kind:
        case "cloze":
            missing = ((markup.inline(piece.text),) for piece in _missing(note, ordinal))
            return cloze_sides(note.question, ordinal + 1)[0], format_html_join("; ", "{}", missing)
        case "choice":
            right = [markup.inline(option["text"]) for option in note.options if option["right"]]
            return markup.block(note.question), mark_safe("; ".join(right))  # noqa: S308  each is sanitised
        case "rendered":
            side = next(side for side in (note.foreign or {})["sides"] if side["ordinal"] == ordinal)
            return markup.sanitise_html(side["front"]), markup.sanitise_html(side["back"])
    question, answer = _texts(note, ordinal)
    return markup.block(question), markup.block(answer)


def _texts(note: Note, ordinal: int) -> tuple[str, str]:
    if ordinal:
        return note.reverse_question or note.answer, note.reverse_answer or note.question
    return note.question, note.answer


def _missing(note: Note, ordinal: int) -> list[cloze.Segment]:
    return [piece for piece in cloze.segments(note.question, ordinal + 1) if piece.state == "hidden"]


def cloze_sides(text: str, number: int) -> tuple[SafeString, SafeString]:
    """The text with deletion `number` blanked, and with it filled in and marked."""
    pieces = cloze.segments(text, number)
    return _cloze(pieces, "hidden", _blank), _cloze(pieces, "hidden", _marked)


def _cloze(
    pieces: Sequence[cloze.Segment], state: str, show: Callable[[cloze.Segment], SafeString]
) -> SafeString:
    """The pieces as Markdown; those in this state stand in it as `show` makes them."""
    html = markup.block_around(piece if piece.state == state else piece.text for piece in pieces)
    shown = (piece if isinstance(piece, str) else show(piece) for piece in html)
    return mark_safe("".join(shown))  # noqa: S308  all is sanitised


def _blank(piece: cloze.Segment) -> SafeString:
    """The brackets are for the eye; who listens hears that something is missing."""
    said = _("blank, hint:") if piece.hint else _("blank")
    before, shown, after = ("[", piece.hint, "]") if piece.hint else ("[…]", "", "")
    return format_html(
        '<span class="blank"><span class="visually-hidden">{} </span>'
        '<span aria-hidden="true">{}</span>{}<span aria-hidden="true">{}</span></span>',
        said, before, shown, after,
    )  # fmt: skip


def _marked(piece: cloze.Segment) -> SafeString:
    return format_html('<mark class="filled">{}</mark>', markup.inline(piece.text))


def _options(note: Note, seed: str) -> tuple[ShownOption, ...]:
    shown = [
        ShownOption(
            index, markup.inline(option["text"]), option["right"], markup.inline(option.get("reason", ""))
        )
        for index, option in enumerate(note.options)
    ]
    if seed:
        random.Random(seed).shuffle(shown)  # noqa: S311  an order, not a secret
    return tuple(shown)


def title(note: Note, ordinal: int = 0) -> str:
    """One plain line that names the card in lists."""
    if note.kind == "cloze":
        segments = cloze.segments(note.question, ordinal + 1)
        return markup.plain("".join("[…]" if s.state == "hidden" else s.text for s in segments))
    return markup.plain(_texts(note, ordinal if note.kind == "reversed" else 0)[0])
