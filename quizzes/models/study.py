"""A learner's decks, the schedule of each card, and the log the schedule is made from."""

from collections.abc import Collection
from datetime import date

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from cards.models import Card, Deck, Visibility


class EnrollmentQuerySet(models.QuerySet["Enrollment"]):
    def studied_by(self, learner: User) -> "EnrollmentQuerySet":
        """The decks he studies and may still see, in the order of their names."""
        seen = models.Q(deck__owner=learner) | ~models.Q(deck__visibility=Visibility.PRIVATE)
        mine = self.filter(seen, learner=learner, left_at=None, deck__retired_at=None)
        return mine.select_related("deck__parent").order_by("deck__name", "deck")


class Enrollment(models.Model):
    """A learner studies a deck."""

    class Order(models.TextChoices):
        MIXED = "mixed", _("new cards among the reviews")
        AFTER = "after", _("new cards after the reviews")

    class GradeStyle(models.TextChoices):
        BUTTONS = "buttons", _("Again, Hard, Good, Easy")
        NUMBERS = "numbers", _("0 to 5")

    learner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="enrollments"
    )
    deck = models.ForeignKey(Deck, on_delete=models.PROTECT, related_name="enrollments")
    new_per_day = models.PositiveSmallIntegerField(_("new cards a day"), default=20)
    reviews_per_day = models.PositiveSmallIntegerField(_("reviews a day"), null=True, blank=True)
    order = models.CharField(_("order"), max_length=5, choices=Order, default=Order.MIXED)
    grade_style = models.CharField(_("grades"), max_length=7, choices=GradeStyle, default=GradeStyle.BUTTONS)
    read_first = models.BooleanField(_("read the paragraph before its first question"), default=True)
    cursor = models.PositiveIntegerField(
        default=0, help_text="no card below this position is new to the learner"
    )
    joined_at = models.DateTimeField(auto_now_add=True)
    left_at = models.DateTimeField(null=True, blank=True)

    objects = EnrollmentQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["learner", "deck"], name="enrollment_once")]
        verbose_name = _("enrollment")

    def __str__(self) -> str:
        return f"{self.learner} · {self.deck}"


_PRIME = 999_983  # multiplying by any stride below it puts card ids in another order


class ScheduleQuerySet(models.QuerySet["Schedule"]):
    def due(self, learner: User, decks: Collection[int], day: date) -> "ScheduleQuerySet":
        """Cards to review on this study day, those put away for the day left out."""
        buried = Mark.objects.filter(learner=learner, card=models.OuterRef("card"), buried_on=day)
        return self.filter(~models.Exists(buried), learner=learner, deck__in=decks, active=True, due__lte=day)

    def shuffled(self, day: date) -> "ScheduleQuerySet":
        """By due day; within one another order every day, the same all day long."""
        stride = 1 + day.toordinal() * 7919 % (_PRIME - 1)
        return self.order_by("due", (models.F("card_id") * stride) % _PRIME, "pk")

    def per_deck(self) -> dict[int, int]:
        return dict(self.order_by().values_list("deck").annotate(n=models.Count("pk")))


class Schedule(models.Model):
    """A learner's SM-2 state for a card. A cache: the log is the truth. No row = a new card."""

    learner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="schedules")
    card = models.ForeignKey(Card, on_delete=models.PROTECT, related_name="schedules")
    deck = models.ForeignKey(
        Deck, on_delete=models.PROTECT, related_name="schedules", help_text="copied from the card"
    )
    active = models.BooleanField(
        default=True, help_text="not suspended, not retired, and its note not for quizzes only"
    )
    repetitions = models.PositiveIntegerField(help_text="n: passing answers in a row")
    interval = models.PositiveIntegerField(help_text="I, days")
    easiness = models.PositiveIntegerField(help_text="EF in hundredths: 250 = 2.50")
    due = models.DateField()
    graded_on = models.DateField(help_text="study day the interval began")
    reps = models.PositiveIntegerField(default=1, help_text="graded repetitions in all; a set counts as one")
    lapses = models.PositiveIntegerField(default=0)

    objects = ScheduleQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["learner", "card"], name="schedule_once"),
            models.CheckConstraint(condition=models.Q(easiness__gte=130), name="easiness_floor"),
            models.CheckConstraint(
                condition=models.Q(interval__gte=1, interval__lte=36_500), name="interval_range"
            ),
        ]
        indexes = [models.Index(fields=["learner", "deck", "active", "due"])]
        verbose_name = _("schedule")

    def __str__(self) -> str:
        return f"{self.card} due {self.due}"


class Review(models.Model):
    """One row of the log. `day` is the study day it was given on, stored and never recomputed.

    Undo marks a row undone; nothing is deleted. `token` is what makes an answer count once.
    """

    class Kind(models.TextChoices):
        REVIEW = "review", _("review")
        QUIZ = "quiz", _("quiz")
        DRILL = "drill", _("drill")
        MOVED = "moved", _("moved")
        SET = "set", _("set")
        IMPORTED = "imported", _("imported")

    learner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="reviews")
    card = models.ForeignKey(Card, on_delete=models.PROTECT, related_name="reviews")
    kind = models.CharField(max_length=8, choices=Kind)
    quality = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="0 to 5; none for moved and set"
    )
    day = models.DateField(help_text="study day")
    at = models.DateTimeField()
    duration = models.PositiveIntegerField(default=0, help_text="milliseconds from showing to answer")
    reason = models.CharField(max_length=200, blank=True)
    token = models.CharField(max_length=80, null=True, unique=True)  # noqa: DJ001  many rows have none
    undone_at = models.DateTimeField(null=True, blank=True)
    # The state after this row; all empty while the card is still new.
    repetitions = models.PositiveIntegerField(null=True)
    interval = models.PositiveIntegerField(null=True)
    easiness = models.PositiveIntegerField(null=True)
    due = models.DateField(null=True)
    reps = models.PositiveIntegerField(null=True)
    lapses = models.PositiveIntegerField(null=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(quality__isnull=True) | models.Q(quality__lte=5), name="quality_range"
            ),
        ]
        indexes = [
            models.Index(fields=["learner", "day"]),
            models.Index(fields=["learner", "card"]),
        ]
        verbose_name = _("review")

    def __str__(self) -> str:
        return f"{self.day} {self.kind} {self.card}"


class MarkQuerySet(models.QuerySet["Mark"]):
    def put_away(self, learner: User, day: date) -> "MarkQuerySet":
        """Marks of cards not to be asked on this day: suspended, or buried for it."""
        away = models.Q(suspended_at__isnull=False) | models.Q(buried_on=day)
        return self.filter(away, learner=learner)


class Mark(models.Model):
    """What a learner has noted about a card besides answering it."""

    learner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="marks")
    card = models.ForeignKey(Card, on_delete=models.PROTECT, related_name="marks")
    read_at = models.DateTimeField(
        null=True, blank=True, help_text="its paragraph was read before the first question"
    )
    suspended_at = models.DateTimeField(null=True, blank=True)
    buried_on = models.DateField(null=True, blank=True, help_text="not shown on this study day")
    flag = models.PositiveSmallIntegerField(default=0)
    comment = models.TextField(blank=True)

    objects = MarkQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["learner", "card"], name="mark_once")]

    def __str__(self) -> str:
        return f"{self.learner} on {self.card}"
