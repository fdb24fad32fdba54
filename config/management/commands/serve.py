"""Serve Recite: `make run` ends here."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import DatabaseError, OperationalError, connection, connections

from accounts.links import sign_in_link, site_url
from cards.exchange import InputError
from config import serving, upkeep


class Command(BaseCommand):
    help = "Bring database, library and static files up to date, then answer on RECITE_HOST and RECITE_PORT."

    def handle(self, *args: Any, **options: Any) -> None:
        serving.stop_on_signal()
        try:
            serving.check_folder(settings.DATA_DIR)
            lock = serving.lock_folder(settings.DATA_DIR)
            serving.check_address(settings.HOST, settings.PORT)
            self.prepare()
        except OSError as error:
            raise SystemExit(
                f"Recite cannot start: {error.filename}: {error.strerror}. "
                "Make that file writable and leave room on its disk."
            ) from None
        except serving.CannotStartError as error:
            raise SystemExit(f"Recite cannot start: {error}") from None
        with lock:
            serving.run(settings.HOST, settings.PORT)

    def prepare(self) -> None:
        """Database, owner, library, static files; then the line with the sign-in link."""
        try:
            link = self.prepare_database()
        except DatabaseError as error:
            if not (isinstance(error, OperationalError) or type(error) is DatabaseError):
                raise  # a fault of ours, not of the database
            raise serving.CannotStartError(database_trouble(error)) from error
        upkeep.collect_static()
        connections.close_all()  # a worker must not inherit one
        self.stdout.write(
            f"Recite is at {site_url()}/ — sign in with this link, good once, for a day: {link}"
        )
        self.stdout.flush()

    def prepare_database(self) -> str:
        """Returns a sign-in link for the owner."""
        if copy := upkeep.migrate():
            self.stdout.write(f"The database was copied to {copy} before it was brought up to date.")
        owner = upkeep.owner()
        from cards.library import load_library

        try:
            for line in load_library(owner, settings.FIXTURES_DIR):
                self.stdout.write(line)
        except InputError as error:  # what is stored already still serves
            self.stderr.write(f"{error}\nThe library was left as it was.")
        return sign_in_link(owner)


def database_trouble(error: DatabaseError) -> str:
    """One line for a database that does not answer."""
    reason = str(error).strip().partition("\n")[0]
    if connection.vendor == "sqlite":
        return (
            f"the database {settings.DATABASES['default']['NAME']} cannot be used ({reason}). "
            f"Make the file writable, or replace it by the newest copy in {settings.DATA_DIR / 'backups'}."
        )
    return f"the database does not answer ({reason}). Start it, or correct RECITE_DATABASE_URL."
