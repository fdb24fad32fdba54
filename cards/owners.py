"""Whose things a command writes."""

from accounts.models import User

from .exchange import InputError, Problem


def named(username: str) -> User:
    """The user of this name; the first administrator where no name is given. InputError if there is none."""
    users = User.objects.filter(is_active=True)
    found = users.filter(username=username) if username else users.filter(is_superuser=True).order_by("pk")
    user = found.first()
    if user is None:
        what = f"There is no user “{username}”." if username else "There is no administrator yet."
        names = ", ".join(users.order_by("username").values_list("username", flat=True)[:10])
        mend = f"Known: {names}." if names else "Run `make run` once, or manage.py createsuperuser."
        raise InputError([Problem("--owner", 0, what, mend)])
    return user
