"""Quizzes: make one, take it a question at a time, see how it went."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe
from django_htmx.http import replace_url

from accounts.http import SignedInRequest, bad_request, page, posts_only, see_other
from cards import access
from cards.listing import with_parents

from .. import assembling, quiz_pages, taking
from ..models import Question, Quiz
from ..quiz_forms import LONGEST_ANSWER, AnswerForm, JudgeForm, QuizForm, shown_at

TEMPLATE = "quizzes/take.html"
PER_PAGE = 50


@login_required
@require_safe
def quizzes(request: SignedInRequest) -> HttpResponse:
    """The quizzes I have begun, and a form to make another."""
    context = {
        "page": Paginator(taking.attempts(request.user), PER_PAGE).get_page(request.GET.get("page")),
        "decks": with_parents(access.decks(request.user)),
    }
    return render(request, "quizzes/quizzes.html", context)


@login_required
@posts_only("quizzes:quizzes")
def make(request: SignedInRequest) -> HttpResponse:
    """A practice quiz from a deck, and straight to its first question."""
    form = QuizForm(request.POST)
    if not form.is_valid():
        return bad_request(request, _("Recite could not tell which deck the quiz is to be made from."))
    deck = access.deck(request.user, form.cleaned_data["deck"])
    try:
        quiz = assembling.make(request.user, deck)
    except assembling.NothingToAskError as error:
        messages.warning(request, str(error))
        return see_other(request, deck.get_absolute_url())
    return see_other(request, quiz.get_absolute_url())


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def take(request: SignedInRequest, code: str) -> HttpResponse:
    """GET: the question I am at, or the feedback to one I have answered. POST: begin."""
    quiz = taking.find(request.user, code)
    if request.method == "POST":
        taking.begin(quiz, request.user)
        return see_other(request, quiz.get_absolute_url())
    run = taking.run(quiz, request.user)
    if run is None:
        return render(request, TEMPLATE, {"quiz": quiz, "count": quiz.questions.count()})
    answered = run.numbered(request.GET.get("answered", ""))
    if answered and answered.pk in run.responses:
        return _show(request, quiz, run, answered)
    return _onward(request, quiz, run)


@login_required
def respond(request: SignedInRequest, code: str) -> HttpResponse:
    """Take the answer and show what became of it; a double click shows what the first one did."""
    if request.method != "POST":
        return redirect("quizzes:take", code)
    quiz = taking.find(request.user, code)
    run, question = _question(request, quiz)
    form = AnswerForm(question, request.POST)
    if question.pk not in run.responses:
        if not form.is_valid():
            return bad_request(
                request, _("That does not answer this question. Nothing was saved; go back and try again.")
            )
        try:
            taking.answer(run, question, form.answer, form.duration(timezone.now()))
        except taking.NotAskedError:
            return bad_request(request, _("That is not the question being asked. Nothing was saved."))
    if request.htmx:
        return _show(request, quiz, run, question)
    return see_other(request, _feedback_url(quiz, run, question))


@login_required
def judge(request: SignedInRequest, code: str) -> HttpResponse:
    """The taker says whether an answer left open was right, and goes on."""
    if request.method != "POST":
        return redirect("quizzes:take", code)
    quiz = taking.find(request.user, code)
    run, question = _question(request, quiz)
    form = JudgeForm(request.POST)
    try:
        if not form.is_valid():
            raise taking.NotAskedError
        taking.judge(run, question, had_it=form.cleaned_data["had_it"])
    except taking.NotAskedError:
        return bad_request(request, _("That answer is not waiting for your judgement. Nothing was changed."))
    return _onward(request, quiz, run) if request.htmx else see_other(request, quiz.get_absolute_url())


@login_required
@require_safe
def result(request: SignedInRequest, code: str) -> HttpResponse:
    """How it went, question by question."""
    quiz = taking.find(request.user, code)
    run = taking.run(quiz, request.user)
    if run is None or run.current is not None:
        return see_other(request, quiz.get_absolute_url())
    reachable = access.reachable_decks(request.user).filter(quizzes=quiz).first()
    context = {
        "quiz": quiz,
        "score": run.score,
        "lines": quiz_pages.lines(run, request.user),
        "deck": reachable,
    }
    return render(request, "quizzes/result.html", context)


def _question(request: SignedInRequest, quiz: Quiz) -> tuple[taking.Run, Question]:
    """My run and the question the form is about; not found without either."""
    run = taking.run(quiz, request.user)
    question = run.numbered(request.POST.get("number", "")) if run else None
    if run is None or question is None:
        raise Http404
    return run, question


def _onward(request: SignedInRequest, quiz: Quiz, run: taking.Run) -> HttpResponse:
    """The question that waits, or the result."""
    if run.current is None:
        return see_other(request, reverse("quizzes:result", args=[quiz.code]))
    return _show(request, quiz, run, run.current)


def _show(request: SignedInRequest, quiz: Quiz, run: taking.Run, question: Question) -> HttpResponse:
    """The question, or the feedback once it is answered. A reload of the address shows the same."""
    context: dict[str, Any] = {"quiz": quiz, "run": run, "done": run.current is None}
    url = quiz.get_absolute_url()
    if question.pk in run.responses:
        context["answered"] = context["shown"] = quiz_pages.answered(run, question, request.user)
        url = _feedback_url(quiz, run, question)
    else:
        context["asked"] = context["shown"] = quiz_pages.asked(run, question)
        context |= {"shown_at": shown_at(timezone.now()), "longest": LONGEST_ANSWER}
    return replace_url(render(request, page(request, TEMPLATE, "quiz"), context), url)


def _feedback_url(quiz: Quiz, run: taking.Run, question: Question) -> str:
    return f"{quiz.get_absolute_url()}?answered={run.questions.index(question) + 1}"
