"""Quizzes, their frozen questions, and what people answered."""

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cards.models import Card, Deck


class Quiz(models.Model):
    """A set of frozen questions, reached by its code."""

    class Purpose(models.TextChoices):
        PRACTICE = "practice", _("practice")
        GRADED = "graded", _("graded")

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="quizzes")
    code = models.CharField(max_length=32, unique=True, help_text="unguessable; the address at /q/<code>/")
    title = models.CharField(_("title"), max_length=200)
    decks = models.ManyToManyField(Deck, related_name="quizzes")
    purpose = models.CharField(max_length=8, choices=Purpose, default=Purpose.PRACTICE)
    seed = models.BigIntegerField(help_text="what the questions were drawn with")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-created_at"]
        verbose_name = _("quiz")
        verbose_name_plural = _("quizzes")

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("quizzes:take", args=[self.code])


class Question(models.Model):
    """One question, frozen as it stood: later edits of the card never rewrite it."""

    class Form(models.TextChoices):
        CHOICE = "choice", _("choice")
        MULTI = "multi", _("several right")
        TYPED = "typed", _("typed")
        CLOZE = "cloze", _("cloze")

    quiz = models.ForeignKey(Quiz, on_delete=models.CASCADE, related_name="questions")
    position = models.PositiveSmallIntegerField()
    card = models.ForeignKey(Card, on_delete=models.PROTECT, related_name="questions")
    card_content_at = models.DateTimeField(help_text="the card's version when it was frozen")
    form = models.CharField(max_length=6, choices=Form)
    stem = models.TextField(help_text="Markdown; of a cloze, the text with its other deletions filled in")
    options = models.JSONField(default=list, help_text="[{text, right, reason}], in the order shown")
    answers = models.JSONField(default=list, help_text="right answers of a typed or cloze question")
    explanation = models.TextField(blank=True)
    points = models.DecimalField(max_digits=6, decimal_places=2, default=1)
    voided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["quiz", "position"]
        constraints = [models.UniqueConstraint(fields=["quiz", "position"], name="question_position")]

    def __str__(self) -> str:
        return self.stem[:60]


class Attempt(models.Model):
    """One person's run through a quiz."""

    quiz = models.ForeignKey(Quiz, on_delete=models.PROTECT, related_name="attempts")
    learner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="attempts")
    number = models.PositiveSmallIntegerField(default=1)
    started_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-started_at"]
        constraints = [models.UniqueConstraint(fields=["quiz", "learner", "number"], name="attempt_number")]

    def __str__(self) -> str:
        return f"{self.learner} · {self.quiz}"


class Response(models.Model):
    """One answer. `open` = the machine could not match it; a person decides."""

    class Verdict(models.TextChoices):
        RIGHT = "right", _("right")
        WRONG = "wrong", _("wrong")
        BLANK = "blank", _("no answer")
        OPEN = "open", _("not decided")

    class Judge(models.TextChoices):
        MACHINE = "machine", _("machine")
        TAKER = "taker", _("taker")
        AUTHOR = "author", _("author")

    attempt = models.ForeignKey(Attempt, on_delete=models.CASCADE, related_name="responses")
    question = models.ForeignKey(Question, on_delete=models.PROTECT, related_name="responses")
    given = models.JSONField(help_text="indexes of the options chosen, or the text typed")
    verdict = models.CharField(max_length=5, choices=Verdict)
    judge = models.CharField(max_length=7, choices=Judge, default=Judge.MACHINE)
    duration = models.PositiveIntegerField(default=0, help_text="milliseconds")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["attempt", "question"]
        constraints = [models.UniqueConstraint(fields=["attempt", "question"], name="response_once")]

    def __str__(self) -> str:
        return f"{self.attempt}: {self.verdict}"
