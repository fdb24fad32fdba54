"""Load deck files; each whole or not at all."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.models import User
from cards import deckfile, library, owners
from cards.exchange import InputError
from cards.models import Visibility

# Not unlisted: that wants an address nobody can guess, and a file names its own.
VISIBILITIES = [Visibility.PRIVATE.value, Visibility.PUBLIC.value]


class Command(BaseCommand):
    help = "Load deck files (Markdown). A file with anything wrong in it is not loaded at all."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("files", nargs="+", type=Path)
        parser.add_argument("--owner", default="", help="user name; the first administrator unless given")
        parser.add_argument(
            "--visibility",
            choices=VISIBILITIES,
            default=Visibility.PRIVATE,
            help="of a new deck; that of one that is here is changed in the admin",
        )
        parser.add_argument("--retire-missing", action="store_true", help="retire notes gone from the file")
        parser.add_argument(
            "--assign-ids", action="store_true", help="first write missing ids into the files"
        )

    def handle(self, *args: Any, files: list[Path], owner: str, assign_ids: bool, **options: Any) -> None:
        failed = 0
        try:
            user = owners.named(owner)
        except InputError as error:
            raise CommandError(str(error)) from error
        for path in files:
            try:
                if assign_ids:
                    self._assign_ids(path)
                self._load(path, user, options["visibility"], options["retire_missing"])
            except OSError as error:
                failed += 1
                self.stderr.write(f"{path}: cannot be read ({error.strerror}). Check the name.")
            except InputError as error:
                failed += 1
                self.stderr.write(str(error))
        if failed:
            raise CommandError(f"{failed} of {len(files)} files not loaded; nothing of them is stored.")

    def _assign_ids(self, path: Path) -> None:
        before = library.read_text(path)
        after = deckfile.assign_ids(before, library.new_guid)
        if after != before:
            path.write_bytes(after.encode("utf-8"))
            self.stdout.write(f"{path}: ids added")

    def _load(self, path: Path, user: User, visibility: str, retire_missing: bool) -> None:
        deck = library.read_deck_file(path)
        report = library.load_deck(user, deck, visibility=visibility, retire_missing=retire_missing)
        self.stdout.write(str(report))
        for guid, outcome in report.outcomes.items():
            if outcome == "conflict":
                self.stdout.write(
                    f"  {guid}: edited in the app and in the file; the app's text stays. "
                    "Make both alike to end the conflict."
                )
