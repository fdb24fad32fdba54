"""One-time sign-in links: where Recite is, and the address that lets a person in."""

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from sesame.utils import get_query_string, get_user

from .models import User

EVERYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104  an address to listen on → one to go to


def site_url() -> str:
    """Where people reach this site, without a slash at the end."""
    if settings.PUBLIC_URL:
        return str(settings.PUBLIC_URL)
    host = EVERYWHERE.get(settings.HOST, settings.HOST)
    return f"http://{f'[{host}]' if ':' in host else host}:{settings.PORT}"


def sign_in_link(user: User) -> str:
    """A link that signs `user` in once, within SESAME_MAX_AGE seconds."""
    return f"{site_url()}{reverse('accounts:link')}{get_query_string(user)}"


def find(token: str) -> User | None:
    """Whom the token would sign in; consumes nothing. None: used, expired or forged."""
    user = get_user(token, update_last_login=False)
    return user if isinstance(user, User) else None


def consume(token: str) -> User | None:
    """Take the token's one use; None if it has none (left). Of two at once, one gets it."""
    user = find(token)
    if user is None:
        return None
    taken = User.objects.filter(pk=user.pk, last_login=user.last_login).update(last_login=timezone.now())
    return user if taken else None
