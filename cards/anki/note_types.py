"""The four note types Anki gets from us. Every id and name here is a promise: Anki compares them for ever."""

from pathlib import Path
from typing import Any, NamedTuple

import genanki

# Moves when a template or the stylesheet changes, so that Anki takes the new look along (seconds since 1970).
CHANGED_AT = 1_763_800_000

_HERE = Path(__file__).parent


class Field(NamedTuple):
    """A field and the number that makes its id; the number stays though the name or the place may change."""

    number: int
    name: str


class Template(NamedTuple):
    """What one card asks and answers."""

    number: int
    name: str
    front: str
    back: str


_SHARED = (
    Field(3, "Extra"),
    Field(4, "Options"),
    Field(5, "Source quote"),
    Field(6, "Source title"),
    Field(7, "Source link"),
    Field(8, "Reserved 1"),
    Field(9, "Reserved 2"),
)
_FRONT_BACK = (Field(1, "Front"), Field(2, "Back"))
_REVERSE = (Field(10, "Reverse front"), Field(11, "Reverse back"))

_FRONT = '<div class="question">{{Front}}</div>'
_REVERSE_FRONT = (
    '<div class="question">{{#Reverse front}}{{Reverse front}}{{/Reverse front}}'
    "{{^Reverse front}}{{Back}}{{/Reverse front}}</div>"
)
_SOURCE = """
{{#Extra}}<div class="extra">{{Extra}}</div>{{/Extra}}
{{#Source quote}}<figure class="source">
{{Source quote}}
<figcaption><span class="title">{{Source title}}</span>
{{#Source link}}<span class="link">{{Source link}}</span>{{/Source link}}</figcaption>
</figure>{{/Source quote}}"""


def _answer(question: str, answer: str) -> str:
    return f'{question}\n<hr id="answer">\n<div class="answer">{answer}</div>{_SOURCE}'


def _note_type(
    number: int,
    name: str,
    fields: tuple[Field, ...],
    *templates: Template,
    kind: int = genanki.Model.FRONT_BACK,
) -> Any:
    return genanki.Model(
        number,
        name,
        fields=[_field(number, field) for field in fields],
        templates=[
            {"id": number + 50 + t.number, "name": t.name, "qfmt": t.front, "afmt": t.back} for t in templates
        ],
        css=(_HERE / "cards.css").read_text(encoding="utf-8"),
        model_type=kind,
    )


def _field(number: int, field: Field) -> dict[str, object]:
    kept = field.name.startswith("Reserved")
    return {
        "id": number + field.number,
        "name": field.name,
        "font": "Georgia",
        "collapsed": kept,
        "description": "Kept for later versions of Recite" if kept else "",
    }


BASIC = _note_type(
    1_593_417_204_100,
    "Recite Basic",
    (*_FRONT_BACK, *_SHARED),
    Template(1, "Card 1", _FRONT, _answer(_FRONT, "{{Back}}")),
)
REVERSED = _note_type(
    1_593_417_204_200,
    "Recite Basic (and reversed)",
    (*_FRONT_BACK, *_REVERSE, *_SHARED),
    Template(1, "Card 1", _FRONT, _answer(_FRONT, "{{Back}}")),
    Template(
        2,
        "Card 2",
        _REVERSE_FRONT,
        _answer(
            _REVERSE_FRONT,
            "{{#Reverse back}}{{Reverse back}}{{/Reverse back}}{{^Reverse back}}{{Front}}{{/Reverse back}}",
        ),
    ),
)
CLOZE = _note_type(
    1_593_417_204_300,
    "Recite Cloze",
    (Field(1, "Text"), Field(2, "Back"), *_SHARED),
    Template(
        1,
        "Cloze",
        '<div class="question sentence">{{cloze:Text}}</div>',
        '<div class="question sentence filled">{{cloze:Text}}</div>\n<hr id="answer">\n'
        f'{{{{#Back}}}}<div class="answer">{{{{Back}}}}</div>{{{{/Back}}}}{_SOURCE}',
    ),
    kind=genanki.Model.CLOZE,
)
CHOICE = _note_type(
    1_593_417_204_400,
    "Recite Choice",
    (*_FRONT_BACK, *_SHARED),
    Template(1, "Card 1", f"{_FRONT}\n{{{{Options}}}}", _answer(_FRONT, "{{Back}}")),
)

BY_KIND: dict[str, Any] = {"basic": BASIC, "reversed": REVERSED, "cloze": CLOZE, "choice": CHOICE}
