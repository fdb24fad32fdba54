"""A person's run through a quiz: begin, answer, judge, finish. The only writer of attempts and responses."""

import re
from dataclasses import dataclass
from functools import reduce
from operator import or_

from django.db import transaction
from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet
from django.shortcuts import get_object_or_404
from django.utils import timezone

from accounts.models import User
from cards import access, markup
from cards.models import Deck, Note, Passage, Version

from . import marking
from .models import Attempt, Question, Quiz, Response

Given = list[int] | str  # indexes of the options chosen, or the text typed
Verdict = Response.Verdict
Judge = Response.Judge

_VERDICTS = {"matched": Verdict.RIGHT, "open": Verdict.OPEN, "blank": Verdict.BLANK}


class NotAskedError(Exception):
    """An answer or a judgement that nobody has asked for."""


@dataclass(frozen=True, slots=True)
class Score:
    right: int
    counted: int


@dataclass
class Run:
    """An attempt with its questions in order and what was answered."""

    attempt: Attempt
    questions: list[Question]
    responses: dict[int, Response]  # by question

    @property
    def current(self) -> Question | None:
        """The first question that waits for an answer, or for its taker's judgement."""
        return next((question for question in self.questions if self._waits(question)), None)

    def _waits(self, question: Question) -> bool:
        response = self.responses.get(question.pk)
        return response is None or response.verdict == Verdict.OPEN

    def numbered(self, number: str) -> Question | None:
        """The question with this number, as people count."""
        found = (q for n, q in enumerate(self.questions, 1) if str(n) == number)
        return next(found, None)

    @property
    def score(self) -> Score:
        verdicts = [response.verdict for response in self.responses.values()]
        return Score(verdicts.count(Verdict.RIGHT), len(self.questions))


def find(learner: User, code: str) -> Quiz:
    """The quiz at this address, for those who took it and those who may see every deck it was drawn from."""
    taken = Exists(Attempt.objects.filter(quiz=OuterRef("pk"), learner=learner))
    hidden = Deck.objects.filter(quizzes=OuterRef("pk")).exclude(pk__in=access.reachable_decks(learner))
    return get_object_or_404(Quiz.objects.filter(taken | ~Exists(hidden)), code=code)


def attempts(learner: User) -> QuerySet[Attempt]:
    """His runs, the last first, with `total`, `answered` and `right`."""
    right = Q(responses__verdict=Verdict.RIGHT)
    counted = learner.attempts.annotate(
        total=Count("quiz__questions", distinct=True),
        answered=Count("responses", distinct=True),
        right=Count("responses", filter=right, distinct=True),
    )
    return counted.select_related("quiz").order_by("-started_at", "-pk")


def begin(quiz: Quiz, learner: User) -> Attempt:
    """The learner's attempt; a second call finds it begun."""
    return Attempt.objects.get_or_create(quiz=quiz, learner=learner, number=1)[0]


def run(quiz: Quiz, learner: User) -> Run | None:
    """His last attempt at the quiz, None if he has not begun."""
    attempt = quiz.attempts.filter(learner=learner).order_by("-number").first()
    if attempt is None:
        return None
    questions = list(quiz.questions.select_related("card__note").order_by("position"))
    return Run(attempt, questions, {response.question_id: response for response in attempt.responses.all()})


@transaction.atomic
def answer(run: Run, question: Question, given: Given, duration: int) -> Response:
    """Mark and store the answer to the question being asked; a replay finds the first. `duration` in ms."""
    if question.pk not in run.responses and question != run.current:
        raise NotAskedError
    response, _ = Response.objects.get_or_create(
        attempt=run.attempt,
        question=question,
        defaults={"given": given, "verdict": verdict(question, given), "duration": duration},
    )
    _note(run, response)
    return response


@transaction.atomic
def judge(run: Run, question: Question, *, had_it: bool) -> None:
    """The taker decides about an answer the machine left open, once."""
    response = run.responses.get(question.pk)
    if response is None or (response.verdict != Verdict.OPEN and response.judge != Judge.TAKER):
        raise NotAskedError
    decided = Verdict.RIGHT if had_it else Verdict.WRONG
    left_open = Response.objects.filter(pk=response.pk, verdict=Verdict.OPEN)
    left_open.update(verdict=decided, judge=Judge.TAKER)
    response.refresh_from_db(fields=["verdict", "judge"])
    _note(run, response)


def _note(run: Run, response: Response) -> None:
    run.responses[response.question_id] = response
    if run.current is None:
        Attempt.objects.filter(pk=run.attempt.pk, finished_at=None).update(finished_at=timezone.now())


def verdict(question: Question, given: Given) -> str:
    """Options are right or wrong, all or nothing; words are matched or left open."""
    if not given:
        return Verdict.BLANK
    if not isinstance(given, str):
        right = {index for index, option in enumerate(question.options) if option["right"]}
        return Verdict.RIGHT if set(given) == right else Verdict.WRONG
    answers = [markup.plain(text) for text in question.answers]
    found = marking.mark(given, answers)
    if found == "matched":  # perhaps thanks to a slip forgiven
        found = marking.mark(given, answers, _known_words(question, given))
    return _VERDICTS[found]


def _known_words(question: Question, given: str) -> set[str]:
    """What stands in cited sentences, the deck's notes and this quiz's options beside the given words."""
    words = marking.forgivable(given)
    if not words:
        return set()
    documents = Version.objects.filter(
        document__citations__note=question.card.note_id, document__current=F("pk")
    )
    passages = Passage.objects.filter(_holds("text", words), version__in=documents)
    notes = Note.objects.live().filter(
        _holds("question", words) | _holds("answer", words), deck=question.card.deck_id
    )
    options = Question.objects.filter(quiz=question.quiz_id).values_list("options", flat=True)
    texts = [
        *passages.values_list("text", flat=True),
        *(f"{asked} {right}" for asked, right in notes.values_list("question", "answer")),
        *(option["text"] for offered in options for option in offered),
    ]
    return {word for text in texts for word in re.findall(r"\w+", text)}


def _holds(field: str, words: list[str]) -> Q:
    return reduce(or_, (Q(**{f"{field}__icontains": word}) for word in words))
