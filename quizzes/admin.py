"""Study and quizzes in the admin panel, to look at: a learner's state changes by his answers alone."""

from typing import Any

from django.contrib import admin
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import Truncator
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cards import markup, rendering
from cards.admin_parts import ReadOnly
from cards.models import Card, Note

from .models import Attempt, Enrollment, Mark, Question, Quiz, Response, Review, Schedule

SEARCH = ["learner__username", "card__note__question", "card__note__guid"]


class Named(admin.RelatedFieldListFilter):
    """People with a name of their own; guests, of whom there may be thousands, are found by searching."""

    def field_choices(self, field: Any, request: HttpRequest, model_admin: Any) -> list[Any]:
        ordering = self.field_admin_ordering(field, request, model_admin)
        choices: list[Any] = field.get_choices(
            include_blank=False, ordering=ordering, limit_choices_to={"is_guest": False}
        )
        return choices


def short(text: str) -> str:
    return Truncator(text).chars(70)


def ease(easiness: int | None) -> str:
    """Hundredths as people write them: 250 is 2.50."""
    return "–" if easiness is None else f"{easiness / 100:.2f}"


def state(row: Schedule | Review) -> str:
    """Where SM-2 stands: repetitions, interval, ease."""
    if row.interval is None:
        return gettext("new")
    return gettext("n %(n)d · %(days)d d · ease %(ease)s") % {
        "n": row.repetitions,
        "days": row.interval,
        "ease": ease(row.easiness),
    }


def seconds(milliseconds: int) -> str:
    return f"{milliseconds / 1000:.1f}\N{NO-BREAK SPACE}s"


class OfCard(ReadOnly):
    """A row about a learner and a card."""

    list_select_related = ["learner", "card__note", "card__deck"]
    search_fields = SEARCH
    show_full_result_count = False

    @admin.display(description=_("card"), ordering="card")
    def question(self, row: Any) -> SafeString:
        """The card by its question, linked to its note."""
        card: Card = row.card
        address = reverse("admin:cards_note_change", args=[card.note_id])
        return format_html('<a href="{}">{}</a>', address, short(rendering.title(card.note, card.ordinal)))

    @admin.display(description=_("state"))
    def state(self, row: Any) -> str:
        return state(row)


@admin.register(Schedule)
class ScheduleAdmin(OfCard):
    """A cache of the log: `check_integrity` compares them."""

    list_display = ["learner", "question", "deck", "due", "days", "ease", "lapses", "active"]
    list_display_links = ["learner"]
    list_select_related = [*OfCard.list_select_related, "deck"]
    list_filter = ["active", "due", "deck", ("learner", Named)]
    fields = ["learner", "question", "deck", "active", "repetitions", "days", "ease", "due", "graded_on",
              "reps", "lapses"]  # fmt: skip

    @admin.display(description=_("interval, days"), ordering="interval")
    def days(self, row: Schedule) -> int:
        return row.interval

    @admin.display(description=_("ease"), ordering="easiness")
    def ease(self, row: Schedule) -> str:
        return ease(row.easiness)


@admin.register(Review)
class ReviewAdmin(OfCard):
    """The log. An undone row stays, and says so."""

    list_display = ["at", "learner", "question", "kind", "quality", "state", "due", "counts"]
    list_filter = ["kind", "day", "quality", ("undone_at", admin.EmptyFieldListFilter), ("learner", Named)]
    ordering = ["-pk"]
    fields = ["learner", "question", "kind", "quality", "day", "at", "took", "reason", "undone_at", "state",
              "due", "reps", "lapses"]  # fmt: skip

    @admin.display(description=_("counts"), boolean=True)
    def counts(self, row: Review) -> bool:
        return row.undone_at is None

    @admin.display(description=_("took"), ordering="duration")
    def took(self, row: Review) -> str:
        return seconds(row.duration)


@admin.register(Enrollment)
class EnrollmentAdmin(ReadOnly):
    """Who studies what."""

    list_display = ["learner", "deck", "new_per_day", "reviews_per_day", "joined_at", "left_at"]
    list_select_related = ["learner", "deck"]
    list_filter = ["grade_style", ("left_at", admin.EmptyFieldListFilter), "deck", ("learner", Named)]
    search_fields = ["learner__username", "deck__name"]


@admin.register(Mark)
class MarkAdmin(OfCard):
    """What learners noted about cards."""

    list_display = ["learner", "question", "read_at", "suspended_at", "buried_on", "flag"]
    list_display_links = ["learner"]
    list_filter = [("suspended_at", admin.EmptyFieldListFilter), "flag", ("learner", Named)]
    fields = ["learner", "question", "read_at", "suspended_at", "buried_on", "flag", "comment"]


class LookInline(admin.TabularInline):  # type: ignore[type-arg]  # generic in the stubs only
    """Rows that belong to the page's thing, to look at."""

    template = "admin/quizzes/look_inline.html"
    extra = 0
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class QuestionInline(LookInline):
    """The questions as they were frozen."""

    model = Question
    fields = ["form", "asked", "right", "points", "voided_at"]
    readonly_fields = ["asked", "right"]

    @admin.display(description=_("question"))
    def asked(self, question: Question) -> str:
        return stem(question)

    @admin.display(description=_("right"))
    def right(self, question: Question) -> str:
        return "; ".join(right_answers(question))


def stem(question: Question) -> str:
    """What was asked, as plain text; a cloze with its blank."""
    kind = Note.Kind.CLOZE if question.form == Question.Form.CLOZE else Note.Kind.BASIC
    return rendering.title(Note(kind=kind, question=question.stem))


def right_answers(question: Question) -> list[str]:
    if question.options:
        return [markup.plain(option["text"]) for option in question.options if option["right"]]
    return [markup.plain(answer) for answer in question.answers]


def given(response: Response) -> str:
    """What was answered, in words."""
    if isinstance(response.given, list):
        options = response.question.options
        return "; ".join(markup.plain(options[index]["text"]) for index in response.given)
    return str(response.given)


@admin.register(Quiz)
class QuizAdmin(ReadOnly):
    list_display = ["title", "owner", "purpose", "created_at", "attempts"]
    list_select_related = ["owner"]
    list_filter = ["purpose", "created_at"]
    search_fields = ["title", "code", "owner__username"]
    fields = ["title", "owner", "code", "decks", "purpose", "created_at"]
    inlines = [QuestionInline]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Quiz]:
        rows: QuerySet[Quiz] = super().get_queryset(request)
        return rows.annotate(attempt_count=Count("attempts"))

    @admin.display(description=_("attempts"), ordering="attempt_count")
    def attempts(self, quiz: Quiz) -> int:
        return quiz.attempt_count  # type: ignore[attr-defined, no-any-return]  # annotated


class ResponseInline(LookInline):
    """The answers of one run."""

    model = Response
    fields = ["stem", "answer", "verdict", "judge", "took"]
    readonly_fields = ["stem", "answer", "took"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Response]:
        rows: QuerySet[Response] = super().get_queryset(request)
        return rows.select_related("question").order_by("question__position")

    @admin.display(description=_("question"))
    def stem(self, response: Response) -> str:
        return stem(response.question)

    @admin.display(description=_("answer"))
    def answer(self, response: Response) -> str:
        return given(response)

    @admin.display(description=_("took"))
    def took(self, response: Response) -> str:
        return seconds(response.duration)


@admin.register(Attempt)
class AttemptAdmin(ReadOnly):
    list_display = ["learner", "quiz", "number", "started_at", "finished_at", "right"]
    list_select_related = ["learner", "quiz"]
    list_filter = ["started_at", ("finished_at", admin.EmptyFieldListFilter), ("learner", Named)]
    search_fields = ["learner__username", "quiz__title", "quiz__code"]
    fields = ["learner", "quiz", "number", "started_at", "finished_at", "right"]
    readonly_fields = ["right"]
    inlines = [ResponseInline]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Attempt]:
        right = Count("responses", filter=Q(responses__verdict=Response.Verdict.RIGHT))
        rows: QuerySet[Attempt] = super().get_queryset(request)
        return rows.annotate(right_count=right, response_count=Count("responses"))

    @admin.display(description=_("right"), ordering="right_count")
    def right(self, attempt: Attempt) -> str:
        return f"{attempt.right_count} / {attempt.response_count}"  # type: ignore[attr-defined]  # annotated


@admin.register(Response)
class ResponseAdmin(ReadOnly):
    list_display = ["at", "learner", "quiz", "stem", "verdict", "judge"]
    list_select_related = ["attempt__learner", "attempt__quiz", "question"]
    list_filter = ["verdict", "judge", "at"]
    search_fields = ["attempt__learner__username", "question__stem", "attempt__quiz__title"]
    fields = ["attempt", "stem", "answer", "verdict", "judge", "took", "at"]
    ordering = ["-pk"]
    show_full_result_count = False

    @admin.display(description=_("learner"))
    def learner(self, response: Response) -> str:
        return str(response.attempt.learner)

    @admin.display(description=_("quiz"))
    def quiz(self, response: Response) -> str:
        return str(response.attempt.quiz)

    @admin.display(description=_("question"))
    def stem(self, response: Response) -> str:
        return short(stem(response.question))

    @admin.display(description=_("answer"))
    def answer(self, response: Response) -> str:
        return given(response)

    @admin.display(description=_("took"), ordering="duration")
    def took(self, response: Response) -> str:
        return seconds(response.duration)
