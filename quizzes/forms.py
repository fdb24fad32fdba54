"""What a study page may send."""

from django import forms
from django.utils.translation import gettext_lazy as _

from .models import Enrollment
from .sm2 import QUALITIES

_INDEXES = [(index, index) for index in range(1000)]  # no note offers more options


class AnswerForm(forms.Form):
    """`chosen`: options of a choice card, by their place in the note. `deck`: where he is studying."""

    token = forms.CharField(max_length=300)
    quality = forms.IntegerField(min_value=min(QUALITIES), max_value=max(QUALITIES))
    chosen = forms.TypedMultipleChoiceField(coerce=int, required=False, choices=_INDEXES)
    deck = forms.CharField(required=False, max_length=120)


class StudyForm(forms.Form):
    """Undo, or a paragraph read."""

    review = forms.IntegerField(required=False, min_value=1, max_value=2**63 - 1)
    card = forms.IntegerField(required=False, min_value=1, max_value=2**63 - 1)
    deck = forms.CharField(required=False, max_length=120)


class DeckForm(forms.Form):
    """Begin or leave a deck."""

    deck = forms.SlugField(max_length=120)


class EnrollmentForm(forms.ModelForm):  # type: ignore[type-arg]  # generic in the stubs only
    """How a learner studies a deck."""

    new_per_day = forms.IntegerField(label=_("New cards a day"), min_value=0, max_value=999)
    reviews_per_day = forms.IntegerField(
        label=_("Reviews a day"), min_value=0, max_value=9999, required=False, help_text=_("Empty: no limit.")
    )

    class Meta:
        model = Enrollment
        fields = ["new_per_day", "reviews_per_day", "order", "grade_style", "read_first"]
