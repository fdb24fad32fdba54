"""Bring a document in, or its new version."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.text import slugify

from cards import library, owners
from cards.exchange import InputError
from cards.models import Visibility

# Not unlisted: that wants an address nobody can guess, and a file names its own.
VISIBILITIES = [Visibility.PRIVATE.value, Visibility.PUBLIC.value]


class Command(BaseCommand):
    help = "Bring a document in, or the new version of one that is here."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--slug", default="", help="the document's permanent name; the file's name unless given"
        )
        parser.add_argument("--title", default="", help="of a new document; its first heading unless given")
        parser.add_argument("--owner", default="", help="user name; the first administrator unless given")
        parser.add_argument(
            "--visibility",
            choices=VISIBILITIES,
            default=Visibility.PRIVATE,
            help="of a new document; that of one that is here is changed in the admin",
        )

    def handle(self, *args: Any, file: Path, owner: str, **options: Any) -> None:
        try:
            user = owners.named(owner)
            document, outcome = library.ingest(
                user, file.read_bytes(), str(file), slug=options["slug"] or slugify(file.stem),
                title=options["title"], visibility=options["visibility"],
            )  # fmt: skip
        except OSError as error:
            raise CommandError(f"{file}: cannot be read ({error.strerror}). Check the name.") from error
        except InputError as error:
            raise CommandError(str(error)) from error
        passages = document.current.passages.count() if document.current else 0
        self.stdout.write(f"{document.slug}: {outcome}, {passages} passages")
