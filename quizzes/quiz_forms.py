"""What a quiz page may send."""

from datetime import datetime, timedelta

from django import forms
from django.core import signing
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext as _

from .models import Question
from .taking import Given

LONGEST_ANSWER = 300  # characters
LONGEST = timedelta(minutes=5)  # a longer look means the taker went away
_signer = signing.Signer(salt="quizzes.shown")


def shown_at(now: datetime) -> str:
    """When a question was shown, as the form carries it."""
    return _signer.sign(str(int(now.timestamp() * 1000)))


class QuizForm(forms.Form):
    """Asks for a quiz from a deck."""

    deck = forms.SlugField(max_length=120)


class AnswerForm(forms.Form):
    """An answer to this question: options by their place as shown, or text; `skip` leaves it blank."""

    shown = forms.CharField(required=False, max_length=100)
    skip = forms.BooleanField(required=False)

    def __init__(self, question: Question, data: QueryDict) -> None:
        super().__init__(data)
        self._one = question.form == Question.Form.CHOICE
        places = [(place, place) for place in range(len(question.options))]
        self.fields["given"] = (
            forms.TypedMultipleChoiceField(coerce=int, required=False, choices=places)
            if places
            else forms.CharField(required=False, max_length=LONGEST_ANSWER)
        )

    def clean_given(self) -> Given:
        given: Given = self.cleaned_data["given"]
        if self._one and len(given) > 1:
            raise ValidationError(_("One option only."))
        return given

    @property
    def answer(self) -> Given:
        given: Given = self.cleaned_data["given"]
        return given[:0] if self.cleaned_data["skip"] else given

    def duration(self, now: datetime) -> int:
        """Milliseconds since the question was shown; 0 where that cannot be known."""
        try:
            shown = int(_signer.unsign(self.cleaned_data["shown"]))
        except (signing.BadSignature, ValueError):
            return 0
        passed = int(now.timestamp() * 1000) - shown
        return min(max(passed, 0), LONGEST // timedelta(milliseconds=1))


class JudgeForm(forms.Form):
    """The taker's judgement of an answer left open."""

    had_it = forms.TypedChoiceField(
        choices=[("yes", "yes"), ("no", "no")], coerce=lambda value: value == "yes"
    )
