"""The user model: everything that is true of a person before he has studied anything."""

import zoneinfo

from django.contrib.auth.models import AbstractUser
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _


def validate_time_zone(name: str) -> None:
    """Accept any IANA name this machine knows."""
    if name and name not in zoneinfo.available_timezones():
        raise ValidationError(
            _("“%(name)s” is not a time zone. Write it like Europe/Paris."), params={"name": name}
        )


class User(AbstractUser):
    """A person. A guest is one who has not named himself yet."""

    time_zone = models.CharField(
        _("time zone"), max_length=64, blank=True, validators=[validate_time_zone],
        help_text=_(
            "For example Europe/Paris. Empty until the browser or the learner tells it; UTC meanwhile."
        ),
    )  # fmt: skip
    day_start = models.PositiveSmallIntegerField(
        _("day starts at"), default=4, validators=[MaxValueValidator(23)],
        help_text=_("The hour, 0 to 23, at which a new study day begins."),
    )  # fmt: skip
    language = models.CharField(_("language"), max_length=16, blank=True)
    is_guest = models.BooleanField(_("guest"), default=False)

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")

    @property
    def zone(self) -> zoneinfo.ZoneInfo:
        return zoneinfo.ZoneInfo(self.time_zone or "UTC")
