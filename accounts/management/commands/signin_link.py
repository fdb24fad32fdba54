"""Print a new one-time sign-in link."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError, ProgrammingError

from accounts.links import sign_in_link
from accounts.models import User

SHOWN = 20  # names listed when the one asked for is unknown


class Command(BaseCommand):
    help = "Print a link that signs a person in once, within a day; without a name, the first administrator."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("username", nargs="?", help="who is to be signed in")

    def handle(self, *args: Any, username: str | None, **options: Any) -> None:
        try:
            user = self.find(username)
        except (OperationalError, ProgrammingError) as error:
            raise CommandError(
                f"The database is not ready ({str(error).strip()}). Start Recite once: make run"
            ) from error
        self.stdout.write(sign_in_link(user))

    def find(self, username: str | None) -> User:
        people = User.objects.filter(is_active=True)
        if username is None:
            first = people.filter(is_superuser=True).order_by("pk").first()
            if first is None:
                raise CommandError("There is no administrator yet. Start Recite once, it makes one: make run")
            return first
        user = people.filter(username=username).first()
        if user is None:
            raise CommandError(f"Nobody active is called “{username}”. {self.names()}")
        return user

    def names(self) -> str:
        names = list(
            User.objects.filter(is_active=True)
            .order_by("username")
            .values_list("username", flat=True)[: SHOWN + 1]
        )
        more = " and more: see /admin/accounts/user/" if len(names) > SHOWN else ""
        return f"There are: {', '.join(names[:SHOWN])}{more}." if names else "There is nobody yet: make run"
