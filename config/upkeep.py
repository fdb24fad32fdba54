"""What a start brings up to date: the database, after a copy of it was put aside, and the static files."""

import hashlib
import os
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import cast

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor

from accounts.models import User

COPIES_KEPT = 10


def migrate() -> Path | None:
    """Apply pending migrations, if any; return the copy made before, if one was."""
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if not plan:
        return None
    copy = None
    if executor.loader.applied_migrations and connection.vendor == "sqlite":
        first = plan[0][0]
        copy = set_aside(f"before-{first.app_label}.{first.name}")
    call_command("migrate", interactive=False, verbosity=0)
    return copy


def set_aside(why: str) -> Path:
    """Copy the database into the backups folder and keep the newest copies only."""
    folder = settings.DATA_DIR / "backups"
    folder.mkdir(exist_ok=True, mode=0o700)
    copy = folder / f"recite-{datetime.now(UTC):%Y%m%dT%H%M%SZ}-{why}.sqlite3"
    copy_database(copy)
    for old in sorted(folder.glob("recite-*.sqlite3"))[:-COPIES_KEPT]:
        old.unlink()
    return copy


def copy_database(target: Path) -> None:
    """A consistent copy of the SQLite database, made while others use it; only its owner may read it."""
    part = target.with_name(target.name + ".part")
    os.close(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600))
    connection.ensure_connection()
    try:
        with connection.wrap_database_errors, closing(sqlite3.connect(part)) as copy:
            cast(sqlite3.Connection, connection.connection).backup(copy)
        part.rename(target)
    finally:
        part.unlink(missing_ok=True)


def owner() -> User:
    """The first administrator; made at the first start, without a password: a link lets him in."""
    with transaction.atomic():
        first = User.objects.filter(is_superuser=True, is_active=True).order_by("pk").first()
        return first or User.objects.create_superuser("owner")


def collect_static() -> bool:
    """Collect the static files if they differ from what was collected last; say whether they did."""
    stamp = settings.STATIC_ROOT / ".sources"
    digest = _digest()
    if stamp.exists() and stamp.read_text() == digest:
        return False
    call_command("collectstatic", interactive=False, clear=True, verbosity=0)
    stamp.write_text(digest)
    return True


def _digest() -> str:
    """Of every static file's name and content, and of the way they are stored."""
    whole = hashlib.sha256(settings.STORAGES["staticfiles"]["BACKEND"].encode())
    for finder in get_finders():
        for path, storage in finder.list([]):
            with storage.open(path) as file:
                whole.update(f"\n{path} {hashlib.sha256(file.read()).hexdigest()}".encode())
    return whole.hexdigest()
