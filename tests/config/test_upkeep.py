from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from pytest_django import Settings

from accounts.models import User
from config import upkeep

sqlite_only = pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL has its own tools")


@sqlite_only
@pytest.mark.django_db(transaction=True)
def test_the_newest_ten_copies_are_kept(tmp_path: Path, settings: Settings) -> None:
    settings.DATA_DIR = tmp_path
    folder = tmp_path / "backups"
    folder.mkdir()
    old = [folder / f"recite-20200101T0000{n:02}Z-before-x.sqlite3" for n in range(12)]
    for path in [*old, folder / "mine.sqlite3"]:
        path.touch()
    newest = upkeep.set_aside("before-cards.0002")
    assert newest.name.endswith("-before-cards.0002.sqlite3")
    assert sorted(folder.glob("recite-*")) == [*old[3:], newest]
    assert (folder / "mine.sqlite3").exists()


@sqlite_only
def test_a_backup_overwrites_nothing(db: None, tmp_path: Path) -> None:
    file = tmp_path / "kept"
    file.write_text("precious")
    with pytest.raises(CommandError, match="exists already"):
        call_command("backup", str(file))
    with pytest.raises(CommandError, match="may write"):
        call_command("backup", str(tmp_path / "nowhere" / "file"))
    assert file.read_text() == "precious"
    assert list(tmp_path.iterdir()) == [file]


@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite is copied")
def test_another_database_is_left_to_its_own_tools(db: None, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="pg_dump"):
        call_command("backup", str(tmp_path / "file"))


def test_the_owner_is_the_first_administrator_and_has_no_password(db: None) -> None:
    User.objects.create_user("bob")
    made = upkeep.owner()
    assert (made.username, made.is_superuser, made.has_usable_password()) == ("owner", True, False)
    User.objects.create_superuser("alice")
    assert upkeep.owner() == made


def test_static_files_are_collected_when_they_changed(tmp_path: Path, settings: Settings) -> None:
    source = tmp_path / "source"
    source.mkdir()
    sheet = source / "sheet.css"
    sheet.write_text("p {}")
    settings.STATICFILES_DIRS = [source]
    settings.STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
    settings.STATIC_ROOT = tmp_path / "collected"
    assert upkeep.collect_static()
    assert not upkeep.collect_static()
    sheet.write_text("q {}")
    (source / "new.css").touch()
    assert upkeep.collect_static()
    assert (settings.STATIC_ROOT / "sheet.css").read_text() == "q {}"
    sheet.unlink()
    assert upkeep.collect_static()
    assert sorted(path.name for path in settings.STATIC_ROOT.glob("*.css")) == ["new.css"]
