"""scripts/bootstrap on machines that lack something: one line each. No test here reaches a package index."""

import os
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from .running import ROOT

LOCKS = ("requirements.txt", "requirements-test.txt")


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """A clone with nothing to install."""
    folder = tmp_path / "clone"
    (folder / "scripts").mkdir(parents=True)
    shutil.copy(ROOT / "scripts" / "bootstrap", folder / "scripts")
    for name in LOCKS:
        (folder / name).touch()
    return folder


def python(folder: Path, body: str) -> str:
    """A Python of our making: a shell script; $REAL is a real one."""
    path = folder / "python"
    path.write_text(f"#!/bin/sh\nREAL={sys.executable}\n{body}\n")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return str(path)


def bootstrap(clone: Path, lock: str = LOCKS[0], **env: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["/bin/sh", "scripts/bootstrap", lock],
        cwd=clone,
        env={**os.environ, "PYTHON": sys.executable, **env},
        capture_output=True,
        text=True,
        timeout=60,
    )


def refusal(clone: Path, name: str) -> str:
    ended = bootstrap(clone, PYTHON=name)
    assert ended.returncode == 1
    (line,) = ended.stderr.strip().splitlines()
    return line


@pytest.mark.parametrize("old", ["2.7", "3.9", "3.10"])
def test_a_python_too_old(clone: Path, tmp_path: Path, old: str) -> None:
    line = refusal(clone, python(tmp_path, f"echo {old}"))
    assert f"is {old}" in line
    assert "3.11 or newer" in line
    assert "PYTHON=" in line
    assert not (clone / ".venv").exists()


def test_no_python_at_all(clone: Path, tmp_path: Path) -> None:
    line = refusal(clone, str(tmp_path / "nothing"))
    assert "does not run" in line
    assert "apt install" in line


def test_a_python_without_venv(clone: Path, tmp_path: Path) -> None:
    body = 'case "$2" in *ensurepip*) exit 1 ;; *) exec "$REAL" "$@" ;; esac'
    assert "apt install python3-venv" in refusal(clone, python(tmp_path, body))


def test_a_venv_that_cannot_be_made(clone: Path, tmp_path: Path) -> None:
    body = 'if [ "$1" = -m ]; then echo "No module named pip"; exit 1; fi; exec "$REAL" "$@"'
    line = refusal(clone, python(tmp_path, body))
    assert "No module named pip" in line
    assert "python3-venv" in line


@pytest.fixture
def calls(clone: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """What pip was called with, a line each: a stand-in, which fails while the file `offline` is there."""
    pip = tmp_path / "pip"
    pip.mkdir()
    (pip / "__init__.py").touch()
    (pip / "__main__.py").write_text(
        "import pathlib, sys\n"
        f"with open({str(tmp_path / 'calls')!r}, 'a') as log: print(*sys.argv[1:], file=log)\n"
        f"sys.exit('offline' if pathlib.Path({str(tmp_path / 'offline')!r}).exists() else 0)\n"
    )
    body = f"""
        if [ "$1" != -m ]; then exec "$REAL" "$@"; fi
        "$REAL" -m venv --without-pip "$3" && cp -r {pip} "$3"/lib/*/site-packages/
    """
    monkeypatch.setenv("PYTHON", python(tmp_path, body))
    return tmp_path / "calls"


def run(clone: Path, lock: str = LOCKS[0]) -> subprocess.CompletedProcess[str]:
    return bootstrap(clone, lock, PYTHON=os.environ["PYTHON"])


def test_pip_is_called_only_when_the_lock_file_changed(clone: Path, calls: Path) -> None:
    first = run(clone)
    assert (first.returncode, first.stderr) == (0, "")
    assert first.stdout.count("Installing") == 1
    assert "--require-hashes -r requirements.txt" in calls.read_text()
    assert run(clone).stdout == ""
    run(clone, LOCKS[1])  # holds the first file's libraries too
    assert len(calls.read_text().splitlines()) == 2
    for lock in LOCKS:
        again = run(clone, lock)
        assert (again.returncode, again.stdout, again.stderr) == (0, "", "")
    assert len(calls.read_text().splitlines()) == 2
    (clone / LOCKS[0]).write_text("# changed\n")
    run(clone)
    run(clone, LOCKS[1])  # may have other versions now
    assert len(calls.read_text().splitlines()) == 4


def test_an_interrupted_install_is_made_afresh(clone: Path, calls: Path, tmp_path: Path) -> None:
    (tmp_path / "offline").touch()
    failed = run(clone)
    assert failed.returncode == 1
    assert "Check the network" in failed.stderr.splitlines()[-1]
    (tmp_path / "offline").unlink()
    half_installed = clone / ".venv" / "half-installed"
    half_installed.touch()
    assert run(clone).returncode == 0
    assert not half_installed.exists()
    assert run(clone).stdout == ""


def test_a_venv_whose_python_went_away_is_made_afresh(clone: Path, calls: Path) -> None:
    run(clone)
    link = clone / ".venv" / "bin" / "python"
    link.unlink()
    link.symlink_to("/nowhere/python")
    assert run(clone).returncode == 0
    assert link.exists()


def test_lock_files_name_no_address() -> None:
    for name in LOCKS:
        assert "://" not in (ROOT / name).read_text()
