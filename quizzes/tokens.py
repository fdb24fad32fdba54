"""What an answer form stands for, signed: this learner, this card, as it stood, on this study day."""

from dataclasses import dataclass
from datetime import date, datetime

from django.core import signing

from accounts.models import User

_signer = signing.Signer(salt="quizzes.answer")


class ForgedTokenError(Exception):
    """The form is not one we gave to this learner."""


@dataclass(frozen=True, slots=True)
class Token:
    """A showing of a card: after its last log row, on a study day, at a time."""

    learner: int
    card: int
    last: int  # id of the card's last log row, undone ones too; 0 = none
    day: date
    at: datetime

    @property
    def key(self) -> str:
        """Stored unique on the review, so one showing is graded once."""
        return f"{self.learner}-{self.card}-{self.last}"

    def sign(self) -> str:
        return _signer.sign(f"{self.key}-{self.day.toordinal()}-{int(self.at.timestamp() * 1000)}")


def read(signed: str, learner: User) -> Token:
    """ForgedTokenError unless we signed it, for this learner."""
    try:
        owner, card, last, day, at = (int(part) for part in _signer.unsign(signed).split("-"))
    except (signing.BadSignature, ValueError) as error:
        raise ForgedTokenError from error
    if owner != learner.pk:
        raise ForgedTokenError
    shown_at = datetime.fromtimestamp(at / 1000, tz=learner.zone)
    return Token(owner, card, last, date.fromordinal(day), shown_at)
