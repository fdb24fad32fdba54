"""Decks, notes, the cards they generate, and what waits to become a note."""

from collections.abc import Collection
from typing import Any

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .documents import Anchor, Document, Version, Visibility


class Deck(models.Model):
    """A named set of cards. The slug survives renaming; made unlisted in the app, it cannot be guessed."""

    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="children"
    )
    name = models.CharField(_("name"), max_length=200)
    slug = models.SlugField(_("slug"), max_length=120, unique=True)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="decks")
    visibility = models.CharField(
        _("visibility"), max_length=8, choices=Visibility, default=Visibility.PRIVATE
    )
    description = models.TextField(_("description"), blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["owner", "parent", "name"], name="deck_name_in_parent"),
            models.UniqueConstraint(
                fields=["owner", "name"], condition=models.Q(parent=None), name="deck_name_at_top"
            ),
        ]
        verbose_name = _("deck")
        verbose_name_plural = _("decks")

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("deck", args=[self.slug])

    @property
    def shown_parent(self) -> "Deck | None":
        """The deck above, where whoever sees this one may see that too."""
        parent = self.parent
        if parent and not parent.retired_at and parent.visibility in {Visibility.PUBLIC, self.visibility}:
            return parent
        return None

    @property
    def full_name(self) -> str:
        """With the deck above it, as it stands in lists. Select `parent` too."""
        return f"{self.shown_parent.name} · {self.name}" if self.shown_parent else self.name


class Tag(models.Model):
    """A word that groups notes across decks."""

    name = models.CharField(max_length=120, unique=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class ForeignType(models.Model):
    """A note type that came from Anki and is not one of ours, kept whole."""

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="foreign_types"
    )
    anki_id = models.BigIntegerField()
    name = models.CharField(max_length=300)
    definition = models.JSONField(help_text="fields, templates, css and settings as Anki wrote them")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["owner", "anki_id"], name="foreign_type_id")]

    def __str__(self) -> str:
        return self.name


class Media(models.Model):
    """A picture or sound a note shows, stored once by its content."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="media")
    name = models.CharField(max_length=255)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["owner", "name"], name="media_name")]
        verbose_name_plural = "media"

    def __str__(self) -> str:
        return self.name


class NoteQuerySet(models.QuerySet["Note"]):
    def live(self) -> "NoteQuerySet":
        return self.filter(retired_at=None, deck__retired_at=None)

    def whole(self) -> "NoteQuerySet":
        """With everything authored: tags and citations."""
        return self.select_related("deck").prefetch_related("tags", "citations__document")

    def for_loading(self, owner_id: int, deck_id: int, guids: Collection[str]) -> "NoteQuerySet":
        """What a deck file may touch: the notes it names, wherever they are, and those of its deck."""
        return self.filter(models.Q(guid__in=guids) | models.Q(deck=deck_id), owner=owner_id).whole()


class Note(models.Model):
    """One authored item. `content_at` moves when anything exported changes; `guid` never does."""

    class Kind(models.TextChoices):
        BASIC = "basic", _("basic")
        REVERSED = "reversed", _("reversed")
        CLOZE = "cloze", _("cloze")
        CHOICE = "choice", _("choice")
        RENDERED = "rendered", _("rendered")

    class Use(models.TextChoices):
        BOTH = "both", _("study and quizzes")
        STUDY = "study", _("study only")
        QUIZ = "quiz", _("quizzes only")

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notes")
    deck = models.ForeignKey(Deck, on_delete=models.PROTECT, related_name="notes")
    guid = models.CharField(max_length=64, help_text="permanent, random, never derived from the text")
    kind = models.CharField(_("kind"), max_length=8, choices=Kind)
    question = models.TextField(
        _("question"), help_text=_("Markdown. A cloze keeps its whole text here: {{c1::answer::hint}}.")
    )
    answer = models.TextField(_("answer"), blank=True)
    reverse_question = models.TextField(
        _("reverse question"), blank=True, help_text=_("Empty: the sides are swapped.")
    )
    reverse_answer = models.TextField(_("reverse answer"), blank=True)
    explanation = models.TextField(_("explanation"), blank=True)
    caution = models.TextField(
        _("caution"), blank=True, help_text=_("What the source says too simply or no longer rightly.")
    )
    options = models.JSONField(_("options"), default=list, blank=True, help_text="[{text, right, reason}]")
    multi = models.BooleanField(_("several right"), default=False)
    accept = models.JSONField(_("also accepted"), default=list, blank=True)
    use = models.CharField(_("use"), max_length=5, choices=Use, default=Use.BOTH)
    waivers = models.JSONField(default=list, blank=True)
    tags = models.ManyToManyField(Tag, blank=True, related_name="notes")
    media = models.ManyToManyField(Media, blank=True, related_name="notes")
    order = models.PositiveIntegerField(default=0, help_text="in its deck file")
    foreign_type = models.ForeignKey(ForeignType, on_delete=models.PROTECT, null=True, blank=True)
    foreign = models.JSONField(
        null=True, blank=True, help_text="of a rendered note: raw fields and rendered sides"
    )
    loaded_hash = models.CharField(max_length=64, blank=True, help_text="of what was last loaded or imported")
    content_at = models.DateTimeField(default=timezone.now)
    created_at = models.DateTimeField(auto_now_add=True)
    retired_at = models.DateTimeField(null=True, blank=True)

    objects = NoteQuerySet.as_manager()

    class Meta:
        ordering = ["deck", "order", "pk"]
        constraints = [models.UniqueConstraint(fields=["owner", "guid"], name="note_guid")]
        verbose_name = _("note")
        verbose_name_plural = _("notes")

    def __str__(self) -> str:
        return self.question[:80]

    def get_absolute_url(self) -> str:
        return reverse("note", args=[self.guid])


UNPLACED = 2**31 - 1  # the position of a card just made, until its deck is put in order


class CardQuerySet(models.QuerySet["Card"]):
    def live(self) -> "CardQuerySet":
        return self.filter(retired_at=None)

    def for_placing(self, deck: Deck) -> "models.QuerySet[Card, Any]":
        """What decides the cards' order: `cited_document` and `cited_at`, the place of the first citation."""
        first = Anchor.objects.filter(
            citation__note=models.OuterRef("note"),
            citation__order=0,
            version=models.F("citation__document__current"),
        )
        return self.filter(deck=deck).values(
            "pk", "position", "ordinal", "note", "note__order",
            cited_document=models.Subquery(first.values("citation__document")),
            cited_at=models.Subquery(first.values("start")),
        )  # fmt: skip


class Card(models.Model):
    """One question a note asks. Retired, never deleted; ordinals are never renumbered."""

    note = models.ForeignKey(Note, on_delete=models.PROTECT, related_name="cards")
    deck = models.ForeignKey(Deck, on_delete=models.PROTECT, related_name="cards")
    ordinal = models.PositiveSmallIntegerField(help_text="0 and 1 for a reversed note; n - 1 for cloze cn")
    position = models.PositiveIntegerField(default=UNPLACED, help_text="in its deck, in document order")
    retired_at = models.DateTimeField(null=True, blank=True)

    objects = CardQuerySet.as_manager()

    class Meta:
        ordering = ["deck", "position"]
        constraints = [models.UniqueConstraint(fields=["note", "ordinal"], name="card_ordinal")]
        indexes = [models.Index(fields=["deck", "position"])]
        verbose_name = _("card")
        verbose_name_plural = _("cards")

    def __str__(self) -> str:
        return f"{self.note} #{self.ordinal + 1}"


class Draft(models.Model):
    """A proposed note waiting to be accepted, edited or rejected."""

    class Status(models.TextChoices):
        WAITING = "waiting", _("waiting")
        ACCEPTED = "accepted", _("accepted")
        REJECTED = "rejected", _("rejected")

    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="drafts")
    version = models.ForeignKey(Version, on_delete=models.CASCADE, related_name="drafts")
    passage = models.PositiveIntegerField(help_text="position of the passage it was derived from")
    rule = models.CharField(max_length=40)
    content = models.JSONField(help_text="the proposed note, as exchange.Note")
    status = models.CharField(max_length=8, choices=Status, default=Status.WAITING)
    note = models.ForeignKey(Note, on_delete=models.SET_NULL, null=True, blank=True, related_name="drafts")
    created_at = models.DateTimeField(auto_now_add=True)
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["version", "passage", "pk"]

    def __str__(self) -> str:
        return f"{self.rule} at {self.passage}"
