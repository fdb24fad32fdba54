"""Markdown, and HTML from elsewhere → HTML that is safe to show."""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, TypeVar

import nh3
from django.utils.safestring import SafeString
from markdown_it import MarkdownIt
from markdown_it.token import Token

_TAGS = {
    *("p", "br", "hr", "div", "span", "blockquote", "pre", "h1", "h2", "h3", "h4", "h5", "h6"),
    *("ul", "ol", "li", "dl", "dt", "dd"),
    *("table", "caption", "thead", "tbody", "tfoot", "tr", "th", "td"),
    *("a", "img", "b", "strong", "i", "em", "u", "s", "del", "ins", "mark", "small", "sub", "sup"),
    *("code", "kbd", "samp", "var", "abbr", "cite", "q", "ruby", "rt", "rp"),
}
_ATTRIBUTES = {
    "*": {"lang", "dir", "title"},
    "a": {"href"},
    "img": {"src", "alt", "width", "height"},
    "ol": {"start"},
    "th": {"colspan", "rowspan", "scope"},
    "td": {"colspan", "rowspan"},
}
_LINK = re.compile(r"\s*(?:https?://|mailto:)[^\s]", re.IGNORECASE)
# A name or a path below this one, or below /media/; `:`, `\`, `//` or a dot segment could lead elsewhere.
_OWN_IMAGE = re.compile(
    r"(?!.*(?:\.|%2e){2})(?:/media/)?[\w.%~+,@()= -]+(?:/[\w.%~+,@()= -]+)*", re.IGNORECASE
)

# Stand in for what is not Markdown while the rest is rendered; private use, dropped where a text holds them.
_OPEN, _CLOSE = "\ue000", "\ue001"
_SIGNS = re.compile(f"[{_OPEN}{_CLOSE}]")
_PLACE = re.compile(f"{_OPEN}([0-9]+){_CLOSE}")
_TAG = re.compile(r'<[^<>"]*(?:"[^"]*"[^<>"]*)*>')
_Other = TypeVar("_Other")


def block(markdown: str) -> SafeString:
    """Markdown of any length as HTML blocks."""
    return sanitise_html(_MARKDOWN.render(markdown))


def block_around(pieces: Iterable[str | _Other]) -> list[SafeString | _Other]:
    """`block` of the pieces as one text, cut where a piece stands that is no string; such pieces are kept.

    Those in an attribute, as in a link's title, fall away.
    """
    others: list[_Other] = []
    source = ""
    for piece in pieces:
        if isinstance(piece, str):
            source += _SIGNS.sub("", piece)
        else:
            source += f"{_OPEN}{len(others)}{_CLOSE}"
            others.append(piece)
    html = _TAG.sub(lambda tag: _PLACE.sub("", tag[0]), block(source))
    cut = enumerate(_PLACE.split(html))  # HTML and numbers take turns
    return [others[int(text)] if turn % 2 else SafeString(text) for turn, text in cut]


def inline(markdown: str) -> SafeString:
    """Markdown of one line as HTML without a paragraph around it."""
    return sanitise_html(_MARKDOWN.renderInline(markdown))


def plain(markdown: str) -> str:
    """The words alone, in one line, for titles and sorting. Not HTML: escape it where it is shown."""
    blocks = ("".join(_words(token.children or [token])) for token in _MARKDOWN.parse(markdown))
    return " ".join(" ".join(blocks).split())


def sanitise_html(html: str) -> SafeString:
    """HTML from anywhere with only harmless tags, links and our own pictures left."""
    return SafeString(_CLEANER.clean(html))


def _words(tokens: Sequence[Token]) -> Iterator[str]:
    for token in tokens:
        if token.children:
            yield from _words(token.children)  # a picture's description
        else:
            yield " " if token.type in ("softbreak", "hardbreak") else token.content


def _harmless(tag: str, attribute: str, value: str) -> str | None:
    if attribute == "href":
        return value if _LINK.match(value) else None
    if attribute == "src":
        return value if _OWN_IMAGE.fullmatch(value) else None
    return value


def _markdown() -> MarkdownIt:
    markdown = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])
    markdown.validateLink = lambda url: bool(_LINK.match(url) or _OWN_IMAGE.fullmatch(url))  # type: ignore[method-assign]
    # A card stands inside a page that has its own headings: its headings are only strong words.
    markdown.add_render_rule("heading_open", _heading_open)
    markdown.add_render_rule("heading_close", _heading_close)
    return markdown


def _heading_open(*_: Any) -> str:
    return "<p><strong>"


def _heading_close(*_: Any) -> str:
    return "</strong></p>\n"


_MARKDOWN = _markdown()
_CLEANER = nh3.Cleaner(
    tags=_TAGS,
    attributes=_ATTRIBUTES,
    attribute_filter=_harmless,
    link_rel="noopener noreferrer nofollow",
    url_schemes={"http", "https", "mailto"},
)
