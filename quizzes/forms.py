"""What a study page may send."""

from django import forms

from .sm2 import QUALITIES


class AnswerForm(forms.Form):
    token = forms.CharField(max_length=300)
    quality = forms.IntegerField(min_value=min(QUALITIES), max_value=max(QUALITIES))
    chosen = forms.TypedMultipleChoiceField(
        coerce=int, required=False, choices=[(index, index) for index in range(50)]
    )  # options of a choice card, by their place in the note
    deck = forms.SlugField(
        required=False, max_length=120
    )  # where the learner is studying; empty = everywhere


class StudyForm(forms.Form):
    """Undo, or a paragraph read."""

    review = forms.IntegerField(required=False)
    card = forms.IntegerField(required=False)
    deck = forms.SlugField(required=False, max_length=120)


class EnrollmentForm(forms.Form):
    deck = forms.SlugField(max_length=120)
