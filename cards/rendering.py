"""A note's card as HTML: question, answer, options. Used by study, quizzes, the admin's preview and Anki."""

import random
from dataclasses import dataclass

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from cards import cloze, markup

from .models import Note

# Stand in for cloze deletions while Markdown is rendered; private use, so no text holds them.
NOTHING = SafeString()
_OPEN, _CLOSE = "\ue000", "\ue001"


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


def _sides(note: Note, ordinal: int) -> tuple[SafeString, SafeString]:
    match note.kind:
        case "cloze":
            return cloze_sides(note.question, ordinal + 1)
        case "choice":
            right = [markup.inline(option["text"]) for option in note.options if option["right"]]
            return markup.block(note.question), mark_safe("; ".join(right))  # noqa: S308  each is sanitised
        case "rendered":
            side = next(side for side in (note.foreign or {})["sides"] if side["ordinal"] == ordinal)
            return markup.sanitise_html(side["front"]), markup.sanitise_html(side["back"])
    if ordinal:
        return markup.block(note.reverse_question or note.answer), markup.block(
            note.reverse_answer or note.question
        )
    return markup.block(note.question), markup.block(note.answer)


def cloze_sides(text: str, number: int) -> tuple[SafeString, SafeString]:
    """The text with deletion `number` blanked, and with it filled in and marked."""
    segments = cloze.segments(text, number)
    hidden = [segment for segment in segments if segment.state == "hidden"]
    places = iter(range(len(hidden)))
    source = "".join(
        f"{_OPEN}{next(places)}{_CLOSE}" if segment.state == "hidden" else segment.text
        for segment in segments
    )
    front = back = markup.block(source)
    for place, segment in enumerate(hidden):
        token = f"{_OPEN}{place}{_CLOSE}"
        front = _put(front, token, format_html('<span class="blank">[{}]</span>', segment.hint or "…"))
        back = _put(back, token, format_html('<mark class="filled">{}</mark>', markup.inline(segment.text)))
    return front, back


def _put(html: SafeString, token: str, replacement: SafeString) -> SafeString:
    return mark_safe(html.replace(token, replacement))  # noqa: S308  both are sanitised


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
    if note.kind == "reversed" and ordinal:
        return markup.plain(note.reverse_question or note.answer)
    return markup.plain(note.question)
