"""What stands in each field of an Anki note: our Markdown and citations as HTML that Anki leaves as it is."""

import hashlib
from collections.abc import Sequence

from django.conf import settings
from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from cards import cloze, markup
from cards.citing import Excerpt, Piece
from cards.models import Note
from cards.rendering import Face, ShownOption, face

_SEPARATOR = "\x1f"  # of fields, in Anki's table
_ENTITIES = {ord(character): f"&#{ord(character)};" for character in "{}:"}
_BRACES = {ord(character): f"&#{ord(character)};" for character in "{}"}


def fields(note: Note, excerpts: Sequence[Excerpt]) -> dict[str, str]:
    """Field name → HTML, for every field of the note's type that is not empty."""
    found = {**_sides(note), **_sources(excerpts)}
    return {name: _unwrapped(html.replace(_SEPARATOR, " ").strip()) for name, html in found.items()}


def _unwrapped(html: str) -> str:
    """A lone paragraph without its tags, as Anki's editor would write it."""
    lone = html.startswith("<p>") and html.find("</p>") == len(html) - 4
    return html[3:-4] if lone else html


def _sides(note: Note) -> dict[str, str]:
    if note.kind == "cloze":
        extra = _extra(markup.block(note.explanation), markup.block(note.caution))
        return {"Text": _cloze(note.question), "Extra": extra}
    shown = face(note, 0)
    sides: dict[str, str] = {
        "Front": shown.question,
        "Back": shown.answer,
        "Extra": _extra(shown.explanation, shown.caution),
    }
    if note.kind == "reversed":
        sides["Reverse front"] = markup.block(note.reverse_question)
        sides["Reverse back"] = markup.block(note.reverse_answer)
    if note.kind == "choice":
        sides["Options"], sides["Back"] = _choice(note, shown)
    return sides


def _extra(explanation: SafeString, caution: SafeString) -> SafeString:
    marked = format_html('<div class="caution">{}</div>', caution) if caution else SafeString("")
    return explanation + marked


def _cloze(text: str) -> str:
    """Our deletions as Anki's. Other braces and colons become entities, lest Anki read them as its own."""
    try:
        deletions, segments = cloze.parse(text), cloze.segments(text, 0)
    except cloze.ClozeError:  # asks nothing: the report will name it
        deletions, segments = [], [cloze.Segment(text, "plain")]
    each = iter(deletions)
    html = markup.block_around(next(each) if piece.state == "other" else piece.text for piece in segments)
    return "".join(piece.translate(_BRACES) if isinstance(piece, str) else _deletion(piece) for piece in html)


def _deletion(deletion: cloze.Deletion) -> str:
    answer = markup.inline(deletion.answer).translate(_ENTITIES)
    hint = f"::{escape(deletion.hint).translate(_ENTITIES)}" if deletion.hint else ""
    return f"{{{{c{deletion.number}::{answer}{hint}}}}}"


def _choice(note: Note, shown: Face) -> tuple[SafeString, SafeString]:
    """The options as asked, and as answered: same order, the right ones marked, each with its reason."""
    options = sorted(shown.options, key=lambda option: _order(note.guid, note.options[option.index]["text"]))
    asked = format_html_join("\n", "<li>{}</li>", ((option.html,) for option in options))
    answered = format_html_join("\n", "{}", ((_answered(option),) for option in options))
    hint = format_html('<p class="hint">{}</p>', _("Several are right.")) if note.multi else ""
    return (
        format_html('<ol class="options">{}</ol>{}', asked, hint),
        format_html('<ol class="options">{}</ol>', answered),
    )


def _order(guid: str, text: str) -> bytes:
    """Shuffles options the same way at every export, wherever the author put the right one."""
    return hashlib.sha256(f"{guid}\0{text}".encode()).digest()


def _answered(option: ShownOption) -> SafeString:
    reason = format_html(' <span class="reason">{}</span>', option.reason) if option.reason else ""
    if option.right:
        return format_html(
            '<li class="right"><span class="verdict">✓</span> <b>{}</b>{}</li>', option.html, reason
        )
    return format_html("<li>{}{}</li>", option.html, reason)


def _sources(excerpts: Sequence[Excerpt]) -> dict[str, str]:
    """The cited sentences, their documents and links; numbered like footnotes where there are several."""
    numbers = [(number if len(excerpts) > 1 else "") for number in range(1, len(excerpts) + 1)]
    return {
        "Source quote": format_html_join(
            "\n",
            "<p>{}{}</p>",
            ((_quote(excerpt), _sup(number)) for excerpt, number in zip(excerpts, numbers, strict=True)),
        ),
        "Source title": _titles(excerpts),
        "Source link": format_html_join(
            " · ",
            '<a href="{}">{}</a>{}',
            (
                (f"{settings.PUBLIC_URL}{excerpt.url}", _("Read in place"), _sup(number))
                for excerpt, number in zip(excerpts, numbers, strict=True)
                if settings.PUBLIC_URL and excerpt.url
            ),
        ),
    }


def _quote(excerpt: Excerpt) -> SafeString:
    """The cited sentence; the quote alone where the document no longer has it."""
    pieces = excerpt.pieces or (Piece(excerpt.quote, "cited"),)
    return format_html_join("", "{}", ((_piece(piece),) for piece in pieces))


def _piece(piece: Piece) -> str:
    match piece.state:
        case "answer":
            return format_html("<mark>{}</mark>", piece.text)
        case "cited":
            return format_html('<span class="cited">{}</span>', piece.text)
    return piece.text


def _titles(excerpts: Sequence[Excerpt]) -> SafeString:
    """Each document once, with the numbers of its quotes where there are several documents."""
    cited: dict[str, list[str]] = {}
    for number, excerpt in enumerate(excerpts, 1):
        cited.setdefault(excerpt.title, []).append(str(number))
    return format_html_join(
        " · ",
        "{}{}",
        ((title, _sup(", ".join(numbers) if len(cited) > 1 else "")) for title, numbers in cited.items()),
    )


def _sup(number: int | str) -> SafeString:
    return format_html("<sup>{}</sup>", number) if number else SafeString("")
