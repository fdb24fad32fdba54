"""Forms of the admin panel: what people type ⇄ exchange values, every error beside its field."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from django import forms
from django.contrib.admin.widgets import AdminTextareaWidget, AutocompleteSelect
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from . import cloze, exchange, library
from .deckfile import marked, option_text
from .deckfile_lines import Entry, Report, classify, entries, quote_of, reason_of
from .deckfile_notes import read_tags, unmark
from .exchange import Option
from .models import Citation, Deck, Document, Note
from .resolving import Resolver

# What a note of each kind leaves empty.
UNUSED = {
    "basic": ("reverse_question", "reverse_answer", "options_text", "multi"),
    "reversed": ("options_text", "multi"),
    "cloze": ("answer", "reverse_question", "reverse_answer", "options_text", "multi"),
    "choice": ("answer", "reverse_question", "reverse_answer"),
}

_ITEM_END = re.compile(r"\n(?!\s)")  # an indented or empty line goes on with the item above


class Text(forms.CharField):
    """Text of several lines. Browsers end them with \\r\\n; we keep \\n."""

    widget = AdminTextareaWidget

    def __init__(self, *, rows: int = 4, **kwargs: Any) -> None:
        super().__init__(**{"widget": AdminTextareaWidget(attrs={"rows": rows}), **kwargs})

    def to_python(self, value: Any) -> str:
        return str(super().to_python(value)).replace("\r\n", "\n")


def is_id(value: object) -> bool:
    """Whether the database can look it up: a number of 64 bits."""
    text = str(value)
    return text.isdecimal() and len(text) < 20 and int(text) < 2**63


class Picker(AutocompleteSelect):
    """Shows what is chosen; Django's own breaks on what cannot be an id, before the field can refuse it."""

    def optgroups(self, name: str, value: Any, attr: Any = None) -> Any:
        return super().optgroups(name, [each for each in value if is_id(each)], attr)


# What is typed ⇄ values


def refuse(report: Report) -> None:
    """Every problem of the report as one error; the lines are those of the field."""
    if report.problems:
        raise ValidationError([_placed(problem) for problem in report.problems])


def _placed(problem: exchange.Problem) -> str:
    what = f"{problem.what} {problem.mend}"
    return gettext("Line %(line)d: %(what)s") % {"line": problem.line, "what": what} if problem.line else what


def read_options(text: str) -> tuple[Option, ...]:
    """Options as deck files have them; ValidationError names the lines that are none."""
    report = Report("")
    lines = classify(text, report)
    first = next((line for line in lines if line.kind != "blank"), None)
    for line in lines:
        if line.kind in ("key", "quote", "comment") or (line is first and line.kind == "text"):
            report.add(line.number, gettext("This is not an option."), _option_mend())
    found = [entry for entry in entries(lines, report) if entry.kind == "option"]
    for entry in found:
        if not entry.value:
            report.add(entry.line, gettext("The option has no words."), gettext("Write them after the box."))
    refuse(report)
    return tuple(Option(entry.value, entry.name == "x", reason_of(entry)) for entry in found)


def _option_mend() -> str:
    return gettext("Begin an option with - [ ] or - [x], and indent the reason below it.")


def write_options(options: Sequence[Mapping[str, Any]]) -> str:
    """A note's stored options as read_options takes them."""
    return "\n".join(option_text(Option(**option)) for option in options)


def read_items(text: str) -> tuple[str, ...]:
    """One item a line; an indented line goes on with the one above."""
    items = [re.sub(r"\n {1,2}", "\n", item).strip() for item in _ITEM_END.split(text)]
    return tuple(item for item in items if item)


def write_items(items: Sequence[str]) -> str:
    return "\n".join(item.replace("\n", "\n  ") for item in items)


def read_quote(text: str) -> tuple[str, tuple[exchange.Span, ...]]:
    """The quote without its ** and the spans they enclosed; ValidationError if they do not match."""
    report = Report("")
    found = unmark(quote_of(Entry(0, "quote", "", text.split("\n"))), 0, report)
    refuse(report)
    return found


def write_quote(citation: Citation) -> str:
    answers = tuple((start, end) for start, end in citation.answers)
    return marked(exchange.Citation(citation.document.slug, citation.quote, answers))


# What keeps a note from being one of its kind: (field, error)


def misshapen(kind: str, data: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Every error in the shape of a note; fields that are missing from `data` have errors of their own."""
    for name in UNUSED[kind]:
        if data.get(name):
            yield name, gettext("A note of this kind has none. Empty this field, or choose another kind.")
    if kind == "cloze":
        yield from _misshapen_cloze(data.get("question", ""))
    elif kind == "choice":
        yield from _misshapen_options(data.get("options_text"), data.get("multi", False))
    elif data.get("answer") == "":
        yield "answer", gettext("The question has no answer. Write one, or choose another kind.")
    if kind == "reversed":
        yield from _misshapen_reverse(data.get("reverse_question"), data.get("reverse_answer"))


def _misshapen_cloze(text: str) -> Iterator[tuple[str, str]]:
    try:
        cloze.parse(text)
    except cloze.ClozeError as error:
        if text:  # else the field says itself that it is required
            yield "question", str(error)


def _misshapen_options(options: Sequence[Option] | None, multi: bool) -> Iterator[tuple[str, str]]:
    if options is None:
        return
    right = sum(option.right for option in options)
    if len(options) < 2:
        yield "options_text", gettext("Offer two options at least.")
    if not right:
        yield "options_text", gettext("No option is marked right. Mark it - [x].")
    if right > 1 and not multi:
        yield "options_text", gettext("Several options are marked right. Mark one, or tick “several right”.")


def _misshapen_reverse(question: str | None, answer: str | None) -> Iterator[tuple[str, str]]:
    if question is not None and answer is not None and bool(question) != bool(answer):
        name = "reverse_answer" if question else "reverse_question"
        yield name, gettext("Give both sides of the reverse words, or leave both empty to swap the sides.")


# The forms


class NoteForm(forms.ModelForm):  # type: ignore[type-arg]  # generic in the stubs only
    """A whole note but its citations. It writes nothing: `content` goes to the library."""

    kind = forms.ChoiceField(
        label=_("Kind"),
        choices=[choice for choice in Note.Kind.choices if choice[0] in UNUSED],
        help_text=_("A note that changes kind becomes a new note; the old one is retired with its history."),
    )
    options_text = Text(
        label=_("Options"),
        required=False,
        rows=7,
        help_text=_("“- [x] words” for a right one, “- [ ] words” for another; its reason indented below."),
    )
    accept_lines = Text(label=_("Also accepted"), required=False, rows=3, help_text=_("One answer a line."))
    tag_words = forms.CharField(
        label=_("Tags"),
        required=False,
        widget=forms.TextInput(attrs={"class": "vLargeTextField"}),
        help_text=_("Words with spaces between them."),
    )
    waiver_lines = Text(
        label=_("Waivers"),
        required=False,
        rows=2,
        help_text=_("Findings set aside, one a line: “F6 because …”."),
    )

    class Meta:
        model = Note
        fields = ["deck", "question", "answer", "reverse_question", "reverse_answer", "explanation",
                  "caution", "multi", "use"]  # fmt: skip
        field_classes = dict.fromkeys(
            ["question", "answer", "reverse_question", "reverse_answer", "explanation", "caution"], Text
        )
        widgets = {
            name: AdminTextareaWidget(attrs={"rows": rows})
            for name, rows in [("question", 3), ("answer", 3), ("reverse_question", 2), ("reverse_answer", 2),
                               ("explanation", 3), ("caution", 2)]
        }  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        note: Note = self.instance
        if note.pk:
            written = {
                "kind": note.kind,
                "options_text": write_options(note.options),
                "accept_lines": write_items(note.accept),
                "tag_words": " ".join(tag.name for tag in note.tags.all()),
                "waiver_lines": write_items(note.waivers),
            }
            self.initial = {**written, **self.initial}

    def clean_options_text(self) -> tuple[Option, ...]:
        return read_options(self.cleaned_data["options_text"])

    def clean_accept_lines(self) -> tuple[str, ...]:
        return read_items(self.cleaned_data["accept_lines"])

    def clean_waiver_lines(self) -> tuple[str, ...]:
        return read_items(self.cleaned_data["waiver_lines"])

    def clean_tag_words(self) -> tuple[str, ...]:
        report = Report("")
        tags = read_tags(0, self.cleaned_data["tag_words"], report)
        refuse(report)
        return tags

    def clean_deck(self) -> Deck:
        """Guids are unique per owner: a note cannot move to a person who has one of the same."""
        deck: Deck = self.cleaned_data["deck"]
        same = Note.objects.filter(owner=deck.owner_id, guid=self.instance.guid)
        if self.instance.pk and same.exclude(pk=self.instance.pk).exists():
            raise ValidationError(
                _("The owner of this deck already has this note. Choose a deck of its present owner.")
            )
        return deck

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if "kind" in data:
            for name, error in misshapen(data["kind"], dict(data)):
                self.add_error(name, error)
        return data

    def content(self, citations: Sequence[exchange.Citation]) -> exchange.Note:
        """Everything typed, once it is known to be good."""
        data = self.cleaned_data
        return exchange.Note(
            kind=data["kind"],
            question=data["question"],
            answer=data["answer"],
            reverse_question=data["reverse_question"],
            reverse_answer=data["reverse_answer"],
            explanation=data["explanation"],
            caution=data["caution"],
            options=data["options_text"],
            multi=data["multi"],
            accept=data["accept_lines"],
            use=data["use"],
            tags=data["tag_words"],
            waivers=data["waiver_lines"],
            citations=tuple(citations),
        )


class CitationForm(forms.ModelForm):  # type: ignore[type-arg]  # generic in the stubs only
    """One quote, its answering words between ** and **."""

    marked_quote = Text(
        label=_("Quote"),
        rows=3,
        help_text=_("The document's own words, with ** before and after those that answer the question."),
    )
    at = forms.IntegerField(
        label=_("At passage"),
        required=False,
        min_value=1,
        max_value=10**9,
        help_text=_("Its number, where the quote stands in the document more than once."),
    )
    citation: exchange.Citation | None = None  # what was typed, once it can be read

    class Meta:
        model = Citation
        fields = ["document", "at"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial = {**self.initial, "marked_quote": write_quote(self.instance)}

    def clean_marked_quote(self) -> tuple[str, tuple[exchange.Span, ...]]:
        return read_quote(self.cleaned_data["marked_quote"])

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if self.errors.pop("id", None):  # a hidden field: its own error would not be seen
            self.add_error(None, _("This citation was changed meanwhile. Open the note again to see it."))
        if "document" in data and "marked_quote" in data and not self.errors:
            quote, answers = data["marked_quote"]
            self.citation = exchange.Citation(data["document"].slug, quote, answers, data.get("at"))
        return data


class CitationFormSet(forms.BaseInlineFormSet):  # type: ignore[type-arg]  # generic in the stubs only
    """The note's citations. It writes nothing: `citations` go to the library with the rest of the note."""

    # What Django's admin would log; a citation is part of its note.
    new_objects: list[Any] = []
    changed_objects: list[Any] = []
    deleted_objects: list[Any] = []
    citations: tuple[exchange.Citation, ...] = ()

    def clean(self) -> None:
        super().clean()
        kept: list[Any] = [form for form in self.forms if form not in self.deleted_forms]
        rows = [form for form in kept if form.citation]
        self.citations = tuple(form.citation for form in rows)
        if self.instance.deck_id:  # else the form says that it needs a deck
            owner = self.instance.deck.owner_id
            self._find(_citable(rows, owner), owner)

    def _find(self, rows: Sequence[Any], owner: int) -> None:
        """Look every quote up in its document; what goes wrong is said in its row."""
        resolver, standing = Resolver(), self._standing()
        places: set[tuple[str, str, int | None]] = set()
        for number, form in enumerate(rows):
            note = exchange.Note("basic", "", citations=(replace(form.citation, line=number),))
            for cited in resolver.resolve(note, owner, standing)[0].citations:
                place = (cited.document, cited.quote, cited.at)
                if place in places:
                    form.add_error(
                        "marked_quote", _("This quote stands in a row above too. Delete one of them.")
                    )
                places.add(place)
        for problem in resolver.problems:
            rows[problem.line].add_error("marked_quote", f"{problem.what} {problem.mend}")

    def _standing(self) -> list[exchange.Citation]:
        """Citations that stay as they are; a note that changes its kind is a new one and has none."""
        if not self.instance.pk or self.data.get("kind", self.instance.kind) != self.instance.kind:
            return []
        return [library.stored_citation(row) for row in self.instance.citations.select_related("document")]


def _citable(rows: Sequence[Any], owner: int) -> list[Any]:
    """The rows whose document this person may quote; the others get an error."""
    slugs = {form.citation.document for form in rows}
    known = set(Document.objects.citable_by(owner).filter(slug__in=slugs).values_list("slug", flat=True))
    error = _("The owner of the deck may not quote this document: it is retired, or not public.")
    for form in rows:
        if form.citation.document not in known:
            form.add_error("document", error)
    return [form for form in rows if form.citation.document in known]


class DeckForm(forms.ModelForm):  # type: ignore[type-arg]  # generic in the stubs only
    """A deck's name and place."""

    class Meta:
        model = Deck
        fields = ["name", "parent", "owner", "visibility", "description"]
        help_texts = {
            "visibility": _("One that is unlisted from its first day gets an address nobody can guess.")
        }

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        owner = data.get("owner") or getattr(self.instance, "owner", None)
        parent, name = data.get("parent"), data.get("name")
        if parent and owner and parent.owner_id != owner.pk:
            self.add_error("parent", _("This deck belongs to another person. Choose one of the same owner."))
        if parent and self.instance.pk and self.instance.pk in _line(parent):
            self.add_error(
                "parent",
                _("A deck cannot be its own parent, nor stand below itself. Choose another, or none."),
            )
        same = Deck.objects.filter(owner=owner, parent=parent, name=name).exclude(pk=self.instance.pk)
        if owner and name and "parent" not in self.errors and same.exists():
            self.add_error("name", _("There is a deck of this name here already. Choose another name."))
        return data


def _line(deck: Deck | None) -> Iterator[int]:
    """The deck and every deck above it."""
    while deck:
        yield deck.pk
        deck = deck.parent
