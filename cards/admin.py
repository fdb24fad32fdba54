"""Decks, notes, documents and tags in the admin panel. The library writes notes; nothing is deleted."""

from collections import Counter
from typing import Any

from django.contrib import admin, messages
from django.core.paginator import Paginator
from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from . import access, citing, library, rendering
from .admin_parts import OnSite, Picking, ReadOnly, Standing, live
from .forms import (
    CitationForm,
    CitationFormSet,
    DeckForm,
    NoteForm,
    write_items,
    write_options,
    write_quote,
)
from .listing import listed
from .models import Anchor, Citation, Deck, Document, Note, Passage, Tag

PASSAGES_PER_PAGE = 200


@admin.register(Deck)
class DeckAdmin(OnSite):
    """A deck's address is made of its first name and stays."""

    look = staticmethod(access.deck)
    form = DeckForm
    list_display = ["name", "parent", "owner", "visibility", "live_cards", live]
    list_select_related = ["parent", "owner"]
    list_filter = ["visibility", Standing]
    search_fields = ["name", "slug", "description", "owner__username"]
    autocomplete_fields = ["parent", "owner"]
    actions = ["retire", "revive"]

    def get_fields(self, request: HttpRequest, obj: Deck | None = None) -> Any:
        fixed = ["slug", "created_at", "retired_at"] if obj else []
        return ["name", "parent", "owner", "visibility", "description", *fixed]

    def get_readonly_fields(self, request: HttpRequest, obj: Deck | None = None) -> list[str]:
        return ["owner", "slug", "created_at", "retired_at"] if obj else []

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        return {"owner": request.user.pk, **super().get_changeform_initial_data(request)}

    def get_queryset(self, request: HttpRequest) -> QuerySet[Deck]:
        rows: QuerySet[Deck] = super().get_queryset(request)
        return listed(rows)  # type: ignore[no-any-return]  # annotated

    @admin.display(description=_("live cards"), ordering="card_count")
    def live_cards(self, deck: Deck) -> int:
        return deck.card_count  # type: ignore[attr-defined, no-any-return]  # annotated by `listed`

    def save_model(self, request: HttpRequest, obj: Deck, form: Any, change: bool) -> None:
        library.save_deck(obj, fields=form.changed_data)

    @admin.action(
        description=_("Retire with those below: no longer shown or studied"), permissions=["change"]
    )
    def retire(self, request: HttpRequest, queryset: QuerySet[Deck]) -> None:
        n = library.retire_decks(queryset)
        said = ngettext("%d deck retired, with those below.", "%d decks retired, with those below.", n)
        self.message_user(request, said % n)

    @admin.action(description=_("Revive without those below"), permissions=["change"])
    def revive(self, request: HttpRequest, queryset: QuerySet[Deck]) -> None:
        count = library.revive_decks(queryset)
        self.message_user(request, ngettext("%d deck revived.", "%d decks revived.", count) % count)


class CitationInline(Picking, admin.StackedInline):  # type: ignore[type-arg]
    """Part of its note: whoever may change that may change this."""

    model = Citation
    form = CitationForm
    formset = CitationFormSet
    fields = ["document", "marked_quote", "at"]
    autocomplete_fields = ["document"]
    extra = 0

    def get_queryset(self, request: HttpRequest) -> QuerySet[Citation]:
        return super().get_queryset(request).select_related("document")

    @admin.display(description=_("quote"))
    def marked_quote(self, citation: Citation) -> str:
        """For one who may only look."""
        return write_quote(citation)

    def has_view_permission(self, request: HttpRequest, obj: Note | None = None) -> bool:
        return bool(request.user.has_perm("cards.view_note")) or self.has_change_permission(request, obj)

    def has_change_permission(self, request: HttpRequest, obj: Note | None = None) -> bool:
        wanted = "cards.change_note" if obj else "cards.add_note"
        return not is_foreign(obj) and bool(request.user.has_perm(wanted))

    def has_add_permission(self, request: HttpRequest, obj: Note | None = None) -> bool:
        return self.has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Note | None = None) -> bool:
        return self.has_change_permission(request, obj)


def is_foreign(note: Note | None) -> bool:
    """Whether the note came from Anki with a note type of its own: kept whole, so not to be edited."""
    return note is not None and note.kind == Note.Kind.RENDERED


@admin.register(Note)
class NoteAdmin(OnSite):
    """Form and citations make one exchange value, and the library writes it; schedules stay."""

    look, key = staticmethod(access.note), "guid"
    form = NoteForm
    inlines = [CitationInline]
    list_display = ["short", "kind", "deck", "tag_list", live, "content_at"]
    list_select_related = ["deck"]
    list_filter = ["kind", "use", Standing, ("deck", admin.RelatedOnlyFieldListFilter), "tags"]
    search_fields = ["question", "answer", "explanation", "guid", "tags__name"]
    autocomplete_fields = ["deck"]
    actions = ["retire", "revive"]
    readonly_fields = ["guid", "content_at", "retired_at"]
    fieldsets = [
        (None, {"fields": ["deck", "kind", "question", "answer", "explanation", "caution"]}),
        (_("Reverse (kind reversed)"), {"fields": ["reverse_question", "reverse_answer"]}),
        (_("Options (kind choice)"), {"fields": ["options_text", "multi"]}),
        (_("More"), {"fields": ["use", "accept_lines", "tag_words", "waiver_lines"]}),
        (_("Kept by Recite"), {"fields": ["guid", "content_at", "retired_at"]}),
    ]

    def get_fieldsets(self, request: HttpRequest, obj: Note | None = None) -> Any:
        if is_foreign(obj):
            return [(None, {"fields": ["deck", "kind", "tag_words", "guid", "content_at", "retired_at"]})]
        return self.fieldsets if obj else self.fieldsets[:-1]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Note]:
        return super().get_queryset(request).prefetch_related("tags")

    def has_change_permission(self, request: HttpRequest, obj: Note | None = None) -> bool:
        return not is_foreign(obj) and super().has_change_permission(request, obj)

    # In the list, and on the page of one who may only look

    @admin.display(description=_("question"), ordering="question")
    def short(self, note: Note) -> str:
        return Truncator(rendering.title(note)).chars(90)

    @admin.display(description=_("tags"))
    def tag_list(self, note: Note) -> str:
        return ", ".join(tag.name for tag in note.tags.all())

    @admin.display(description=_("tags"))
    def tag_words(self, note: Note) -> str:
        return self.tag_list(note)

    @admin.display(description=_("options"))
    def options_text(self, note: Note) -> str:
        return write_options(note.options)

    @admin.display(description=_("also accepted"))
    def accept_lines(self, note: Note) -> str:
        return write_items(note.accept)

    @admin.display(description=_("waivers"))
    def waiver_lines(self, note: Note) -> str:
        return write_items(note.waivers)

    # Writing

    def save_model(self, request: HttpRequest, obj: Note, form: Any, change: bool) -> None:
        """Nothing yet: save_related has the citations too."""

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Hand the whole note to the library. A note of another kind is another note, with its own guid."""
        content = form.content(formsets[0].citations)
        note = Note.objects.whole().get(pk=form.instance.pk) if change else None
        if note and note.kind != content.kind:
            messages.info(request, gettext("The kind changed: this is a new note, the old one is retired."))
        saved = library.save_note(form.cleaned_data["deck"], content, note)
        form.instance.pk = saved.pk
        form.instance.refresh_from_db()

    def response_change(self, request: HttpRequest, obj: Note) -> HttpResponse:
        """“Save and continue” goes on with the note there is now, which may be a new one."""
        response: HttpResponse = super().response_change(request, obj)
        if "_continue" in request.POST:
            return HttpResponseRedirect(reverse("admin:cards_note_change", args=[obj.pk]))
        return response

    @admin.action(description=_("Retire: no longer studied or asked"), permissions=["change"])
    def retire(self, request: HttpRequest, queryset: QuerySet[Note]) -> None:
        notes = list(queryset.filter(retired_at=None).prefetch_related("citations__document"))
        library.retire_notes(notes)
        count = len(notes)
        self.message_user(request, ngettext("%d note retired.", "%d notes retired.", count) % count)

    @admin.action(description=_("Revive"), permissions=["change"])
    def revive(self, request: HttpRequest, queryset: QuerySet[Note]) -> None:
        notes = list(queryset.exclude(retired_at=None).prefetch_related("citations__document"))
        library.revive_notes(notes)
        count = len(notes)
        self.message_user(request, ngettext("%d note revived.", "%d notes revived.", count) % count)

    # The preview

    def render_change_form(
        self, request: HttpRequest, context: Any, add: bool = False, change: bool = False,
        form_url: str = "", obj: Note | None = None,
    ) -> HttpResponse:  # fmt: skip
        if obj:
            # Fetched again: after an error `obj` holds what was typed, which may make no card.
            note = Note.objects.get(pk=obj.pk)
            cards = note.cards.order_by("ordinal")
            context["preview"] = [(card, rendering.face(note, card.ordinal)) for card in cards]
            context["excerpts"] = citing.excerpts([note], request.user).get(note.pk, [])
        return super().render_change_form(request, context, add, change, form_url, obj)


def _counted(rows: QuerySet[Any], by: str) -> Coalesce:
    """How many of the rows there are for each `by`, without multiplying the outer rows."""
    counts = rows.order_by().values(by).annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counts), 0)


@admin.register(Document)
class DocumentAdmin(OnSite):
    """Documents come in by `ingest`; here they get another title or other readers."""

    look = staticmethod(access.document)
    list_display = ["title", "owner", "visibility", "version", "passages", "citations", live]
    list_select_related = ["owner", "current"]
    list_filter = ["visibility", Standing]
    search_fields = ["title", "slug", "owner__username"]
    fields = ["title", "visibility", "slug", "owner", "created_at", "retired_at"]
    readonly_fields = ["slug", "owner", "created_at", "retired_at"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Document]:
        """Counted, and without the texts themselves."""
        passages = Passage.objects.filter(version=OuterRef("current"))
        citations = Citation.objects.filter(document=OuterRef("pk"))
        rows: QuerySet[Document] = super().get_queryset(request)
        return rows.defer("current__raw", "current__text", "current__repairs").annotate(
            passage_count=_counted(passages, "version"), citation_count=_counted(citations, "document")
        )

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Document, form: Any, change: bool) -> None:
        library.save_document(obj, fields=form.changed_data)

    @admin.display(description=_("version"))
    def version(self, document: Document) -> int | None:
        return document.current.number if document.current else None

    @admin.display(description=_("passages"), ordering="passage_count")
    def passages(self, document: Document) -> int:
        return document.passage_count  # type: ignore[attr-defined, no-any-return]  # annotated

    @admin.display(description=_("citations"), ordering="citation_count")
    def citations(self, document: Document) -> int:
        return document.citation_count  # type: ignore[attr-defined, no-any-return]  # annotated

    def render_change_form(
        self, request: HttpRequest, context: Any, add: bool = False, change: bool = False,
        form_url: str = "", obj: Document | None = None,
    ) -> HttpResponse:  # fmt: skip
        if obj and obj.current:
            context["versions"] = obj.versions.defer("raw", "text").order_by("-number")
            context |= _passages(obj.current.pk, request.GET.get("page"))
        return super().render_change_form(request, context, add, change, form_url, obj)


def _passages(version: int, number: str | None) -> dict[str, Any]:
    """A page of the version's passages, each with the number of citations that touch it."""
    rows = Passage.objects.filter(version=version).order_by("position")
    page = Paginator(rows, PASSAGES_PER_PAGE).get_page(number)
    spans = Anchor.objects.filter(version=version, first__isnull=False).values_list("first", "last")
    cited = Counter(n for first, last in spans for n in range(first or 0, (last or 0) + 1))
    return {"page": page, "passages": [(passage, cited[passage.position]) for passage in page]}


@admin.register(Tag)
class TagAdmin(ReadOnly):
    """Tags are given and taken in their notes."""

    list_display = ["name", "live_notes"]
    search_fields = ["name"]
    fields = ["name", "live_notes"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Tag]:
        notes = Note.tags.through.objects.filter(tag=OuterRef("pk"), note__retired_at=None)
        rows: QuerySet[Tag] = super().get_queryset(request)
        return rows.annotate(note_count=_counted(notes, "tag"))

    @admin.display(description=_("live notes"), ordering="note_count")
    def live_notes(self, tag: Tag) -> int:
        return tag.note_count  # type: ignore[attr-defined, no-any-return]  # annotated
