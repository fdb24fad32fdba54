"""Signing in, and what a person sets for himself."""

import zoneinfo
from collections.abc import Sequence
from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth.forms import AuthenticationForm
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from . import throttle
from .models import User, validate_time_zone


def remember_time_zone(user: User, name: str) -> None:
    """Keep the browser's time zone for a person who has none; say nothing of a name we don't know."""
    if user.time_zone or not name:
        return
    try:
        validate_time_zone(name)
    except ValidationError:
        return
    user.time_zone = name
    user.save(update_fields=["time_zone"])


def time_zones() -> Sequence[str]:
    """The names worth offering, sorted: cities and UTC."""
    names = zoneinfo.available_timezones()
    return sorted(name for name in names if name == "UTC" or ("/" in name and not name.startswith("Etc/")))


class SignInForm(AuthenticationForm):
    """Username and password, with a pause after too many wrong ones."""

    def clean(self) -> dict[str, Any]:
        name = self.cleaned_data.get("username") or ""
        address = self.request.META.get("REMOTE_ADDR", "") if self.request else ""
        if throttle.blocked(name, address):
            raise ValidationError(
                _("Too many wrong passwords. Wait a quarter of an hour, or use a sign-in link."),
                code="blocked",
            )
        try:
            cleaned: dict[str, Any] = super().clean()
        except ValidationError:
            throttle.failed(name, address)
            raise
        throttle.forget(name, address)
        return cleaned


class SettingsForm(forms.ModelForm):  # type: ignore[type-arg]  # generic in the stubs only
    day_start = forms.TypedChoiceField(
        label=_("A new study day begins at"),
        coerce=int,
        choices=[(hour, f"{hour}:00") for hour in range(24)],
        help_text=_("Until then, late in the night still counts as the day before."),
    )
    language = forms.ChoiceField(
        label=_("Language"),
        required=False,
        choices=[("", _("as the browser asks")), *settings.LANGUAGES],
    )

    class Meta:
        model = User
        fields = ["time_zone", "day_start", "language"]
        labels = {"time_zone": _("Time zone")}
        help_texts = {"time_zone": _("For example Europe/Paris. Begin to type a city.")}
        widgets = {"time_zone": forms.TextInput(attrs={"list": "time-zones", "autocomplete": "off"})}
