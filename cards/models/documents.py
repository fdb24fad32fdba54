"""Documents, their versions and sentences, and the citations anchored in them.

Every offset is a count of code points into `Version.text`, after newlines were normalised to \\n.
"""

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _


class Visibility(models.TextChoices):
    PRIVATE = "private", _("private")
    UNLISTED = "unlisted", _("unlisted: whoever has the link")
    PUBLIC = "public", _("public")


class DocumentQuerySet(models.QuerySet["Document"]):
    def citable_by(self, owner_id: int) -> "DocumentQuerySet":
        """Documents a note of this owner may quote, with their text."""
        own_or_public = models.Q(owner=owner_id) | models.Q(visibility=Visibility.PUBLIC)
        return self.filter(own_or_public, retired_at=None).select_related("current")


class Document(models.Model):
    """A text brought in. Its slug is declared once and never changed."""

    slug = models.SlugField(_("slug"), max_length=120, unique=True)
    title = models.CharField(_("title"), max_length=300)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="documents")
    visibility = models.CharField(
        _("visibility"), max_length=8, choices=Visibility, default=Visibility.PRIVATE
    )
    current = models.ForeignKey(
        "cards.Version", on_delete=models.SET_NULL, null=True, editable=False, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    retired_at = models.DateTimeField(null=True, blank=True)

    objects = DocumentQuerySet.as_manager()

    class Meta:
        ordering = ["title", "pk"]
        verbose_name = _("document")
        verbose_name_plural = _("documents")

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("document", args=[self.slug])


class Version(models.Model):
    """One state of a document: the bytes as supplied, the text made of them, and every repair between."""

    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    format = models.CharField(max_length=16, default="text")
    raw = models.BinaryField()
    sha256 = models.CharField(max_length=64)
    text = models.TextField()
    repairs = models.JSONField(
        default=list, help_text="[{start, end, before, after, reason}], offsets in text"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["document", "number"]
        constraints = [
            models.UniqueConstraint(fields=["document", "number"], name="version_number"),
            models.UniqueConstraint(fields=["document", "sha256"], name="version_bytes"),
        ]

    def __str__(self) -> str:
        return f"{self.document} ({self.number})"


class Passage(models.Model):
    """One sentence, heading, list item or cell of a version, with its own text."""

    class Kind(models.TextChoices):
        SENTENCE = "sentence", _("sentence")
        HEADING = "heading", _("heading")
        ITEM = "item", _("list item")
        CELL = "cell", _("cell")

    version = models.ForeignKey(Version, on_delete=models.CASCADE, related_name="passages")
    position = models.PositiveIntegerField(help_text="0-based, in reading order")
    block = models.PositiveIntegerField(help_text="the paragraph or heading it belongs to, 0-based")
    kind = models.CharField(max_length=8, choices=Kind)
    level = models.PositiveSmallIntegerField(default=0, help_text="of a heading or list item; 0 = none")
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    text = models.TextField()

    class Meta:
        ordering = ["version", "position"]
        constraints = [
            models.UniqueConstraint(fields=["version", "position"], name="passage_position"),
            models.CheckConstraint(condition=models.Q(end__gt=models.F("start")), name="passage_not_empty"),
        ]

    def __str__(self) -> str:
        return self.text[:60]

    @property
    def number(self) -> int:
        """As people count: the first passage is 1."""
        return self.position + 1


class Citation(models.Model):
    """note → document: the clause that supports the note. Immutable: a changed quote is a new citation."""

    note = models.ForeignKey("cards.Note", on_delete=models.CASCADE, related_name="citations")
    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="citations")
    quote = models.TextField(help_text="verbatim from the version it was made on")
    answers = models.JSONField(
        default=list, help_text="[[start, end]] of the answering words, inside the quote"
    )
    prefix = models.CharField(max_length=64, blank=True, help_text="the text just before the quote")
    suffix = models.CharField(max_length=64, blank=True, help_text="the text just after the quote")
    at = models.PositiveIntegerField(
        null=True, blank=True, help_text="number of the passage, where the quote stands twice"
    )
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["note", "order"]
        constraints = [models.UniqueConstraint(fields=["note", "order"], name="citation_order")]

    def __str__(self) -> str:
        return self.quote[:60]


class Anchor(models.Model):
    """Where a citation stands in one version; a missing one nowhere. `first`, `last`: passage positions."""

    class Status(models.TextChoices):
        EXACT = "exact", _("exact")
        MOVED = "moved", _("moved")
        CHANGED = "changed", _("changed")
        MISSING = "missing", _("missing")

    citation = models.ForeignKey(Citation, on_delete=models.CASCADE, related_name="anchors")
    version = models.ForeignKey(Version, on_delete=models.CASCADE, related_name="anchors")
    status = models.CharField(max_length=8, choices=Status, default=Status.EXACT)
    start = models.PositiveIntegerField(null=True)
    end = models.PositiveIntegerField(null=True)
    first = models.PositiveIntegerField(null=True, help_text="position of the passage it begins in")
    last = models.PositiveIntegerField(null=True, help_text="position of the passage it ends in")

    class Meta:
        ordering = ["version", "start"]
        constraints = [
            models.UniqueConstraint(fields=["citation", "version"], name="anchor_once"),
            models.CheckConstraint(
                condition=models.Q(status="missing", start=None, end=None, first=None, last=None)
                | models.Q(start__isnull=False, end__gt=models.F("start"), first__lte=models.F("last")),
                name="anchor_placed_unless_missing",
            ),
        ]
        indexes = [models.Index(fields=["version", "first"])]

    def __str__(self) -> str:
        return f"{self.citation} {self.status}"
