"""Copy the database to a file while the server runs."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, connection

from config import upkeep


class Command(BaseCommand):
    help = "Copy the SQLite database to FILE; the server may go on working meanwhile."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="the file to write; it must not exist yet")

    def handle(self, *args: Any, file: Path, **options: Any) -> None:
        if connection.vendor != "sqlite":
            raise CommandError(
                f"This database is {connection.display_name}. Use its own tool: "
                f'pg_dump --format=custom --file={file} "$RECITE_DATABASE_URL"'
            )
        if file.exists():
            raise CommandError(f"{file} exists already. Name a new file.")
        try:
            upkeep.copy_database(file)
        except (OSError, DatabaseError) as error:
            raise CommandError(
                f"Cannot copy the database to {file} ({error}). Name a file in a folder you may write in."
            ) from error
        self.stdout.write(f"The database is in {file}.")
