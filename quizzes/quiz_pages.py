"""What a quiz page shows of a question: as it is asked, as it was answered, and in the result."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.html import conditional_escape, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from cards import access, citing, markup, rendering
from cards.models import Note

from . import marking
from .folding import ShownExcerpt, folded
from .models import Question, Response
from .taking import Run

Verdict = Response.Verdict
Judge = Response.Judge


@dataclass(frozen=True, slots=True)
class ShownOption:
    """An option in the order frozen; `right` and `reason` only once the answer is in."""

    index: int
    html: SafeString
    chosen: bool = False
    right: bool = False
    reason: str = ""  # HTML


@dataclass(frozen=True, slots=True)
class Asked:
    """A question before its answer: nothing in it tells the answer."""

    number: int
    form: str
    stem: SafeString
    options: tuple[ShownOption, ...]


@dataclass(frozen=True, slots=True)
class Answered:
    """A question with the answer given, the right one, and where that stands."""

    number: int
    form: str
    stem: SafeString
    options: tuple[ShownOption, ...]
    response: Response
    headline: str
    tone: str  # right, wrong or open
    given: str  # what was typed, where neither the answer nor the diff says it
    right: SafeString
    diff: marking.Diff  # what was typed against the answer, where that was for a person to decide
    explanation: SafeString
    caution: SafeString
    sources: list[ShownExcerpt]


@dataclass(frozen=True, slots=True)
class Line:
    """A question in the result."""

    number: int
    title: str
    verdict: str
    tone: str
    given: SafeString
    right: SafeString  # empty where it is what was given
    excerpt: citing.Excerpt | None


def asked(run: Run, question: Question) -> Asked:
    options = tuple(
        ShownOption(index, markup.inline(option["text"])) for index, option in enumerate(question.options)
    )
    return Asked(_number(run, question), question.form, _stems(question)[0], options)


def answered(run: Run, question: Question, viewer: access.Viewer) -> Answered:
    response, note = run.responses[question.pk], question.card.note
    return Answered(
        number=_number(run, question),
        form=question.form,
        stem=_stems(question)[1],
        options=tuple(_marked_options(question, response)),
        response=response,
        headline=_headline(question, response),
        tone=_tone(response),
        given=_in_own_words(question, response),
        right=_right(question),
        diff=_diff(question, response),
        explanation=markup.block(question.explanation),
        # Not frozen: a caution added later and the document's newest version are worth more than sameness.
        caution=markup.block(note.caution),
        sources=_sources(run, question, viewer),
    )


def _sources(run: Run, question: Question, viewer: access.Viewer) -> list[ShownExcerpt]:
    """The passages, the asked words marked, folded beside them where a question still to come is about it."""
    ahead = [other.card.note for other in run.questions if other.pk not in run.responses]
    pending = {
        (anchor.version_id, position)
        for anchor in citing.current_anchors(ahead)
        if anchor.first is not None and anchor.last is not None
        for position in range(anchor.first, anchor.last + 1)
    }
    note, asked = question.card.note, [markup.plain(answer) for answer in question.answers]
    excerpts = citing.excerpts([note], viewer).get(note.pk, [])
    return folded((citing.narrowed(each, asked) for each in excerpts), pending)


def lines(run: Run, viewer: access.Viewer) -> list[Line]:
    """Every question that was answered. Two queries for all their sources."""
    excerpts = citing.excerpts([question.card.note for question in run.questions], viewer)
    return [
        _line(run, question, next(iter(excerpts.get(question.card.note_id, [])), None))
        for question in run.questions
        if question.pk in run.responses
    ]


def _line(run: Run, question: Question, excerpt: citing.Excerpt | None) -> Line:
    response = run.responses[question.pk]
    kind = Note.Kind.CLOZE if question.form == Question.Form.CLOZE else Note.Kind.BASIC
    return Line(
        number=_number(run, question),
        title=rendering.title(Note(kind=kind, question=question.stem)),
        verdict=_verdict(response),
        tone=_tone(response),
        given=_given(question, response),
        right=SafeString() if _surely_right(response) else _right(question),
        excerpt=excerpt,
    )


def _number(run: Run, question: Question) -> int:
    return run.questions.index(question) + 1


def _stems(question: Question) -> tuple[SafeString, SafeString]:
    """Before the answer and after."""
    if question.form == Question.Form.CLOZE:
        return rendering.cloze_sides(question.stem, 1)
    stem = markup.block(question.stem)
    return stem, stem


def _marked_options(question: Question, response: Response) -> Iterable[ShownOption]:
    for index, option in enumerate(question.options):
        yield ShownOption(
            index,
            markup.inline(option["text"]),
            chosen=index in response.given,
            right=option["right"],
            reason=markup.inline(option["reason"]),
        )


def _headline(question: Question, response: Response) -> str:
    match response.verdict:
        case Verdict.RIGHT if response.judge == Judge.TAKER:
            return _("Right, by your own judgement")
        case Verdict.RIGHT:
            return _("Right")
        case Verdict.OPEN if _diff(question, response):
            return _("Your words are not quite these. Did you have it?")
        case Verdict.OPEN:
            return _("Is this what you meant?")
        case Verdict.BLANK:
            return _("You did not know this one. Here it is.")
    return _("Not this time")


def _verdict(response: Response) -> str:
    """The same in a list."""
    if response.verdict == Verdict.BLANK:
        return _("not known")
    if response.verdict == Verdict.RIGHT and response.judge == Judge.TAKER:
        return _("right, by your own judgement")
    return response.get_verdict_display()


def _tone(response: Response) -> str:
    return "wrong" if response.verdict == Verdict.BLANK else response.verdict


def _given(question: Question, response: Response) -> SafeString:
    if isinstance(response.given, str):
        return conditional_escape(response.given)
    return _joined(question.options[index]["text"] for index in response.given)


def _right(question: Question) -> SafeString:
    if question.options:
        return _joined(option["text"] for option in question.options if option["right"])
    return markup.inline(question.answers[0])


def _joined(texts: Iterable[str]) -> SafeString:
    return format_html_join("; ", "{}", ((markup.inline(text),) for text in texts))


def _diff(question: Question, response: Response) -> marking.Diff:
    """Empty where the machine was sure, and where what was given is something else altogether."""
    sure = response.verdict != Verdict.OPEN and response.judge == Judge.MACHINE
    if sure or not isinstance(response.given, str):
        return ()
    compared = marking.diff(response.given, _plain_answers(question))
    return compared if marking.akin(compared) else ()


def _surely_right(response: Response) -> bool:
    return response.verdict == Verdict.RIGHT and response.judge == Judge.MACHINE


def _in_own_words(question: Question, response: Response) -> str:
    """What was typed, if it does not read like the answer shown, and no diff shows it."""
    if not isinstance(response.given, str) or _diff(question, response):
        return ""
    compared = marking.diff(response.given, _plain_answers(question)[:1])
    return response.given if any(op != "same" for op, _word in compared) else ""


def _plain_answers(question: Question) -> list[str]:
    return [markup.plain(text) for text in question.answers]
