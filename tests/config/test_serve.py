"""`make run` from its venv on: one server's life, and each thing that keeps it from starting."""

import re
import signal
import socket
import sqlite3
import stat
from pathlib import Path

import pytest

from .running import Browser, Server, free_port, manage, serving


def check_link(server: Server) -> None:
    """The printed link signs in once; looking at it consumes nothing."""
    looker = Browser()
    status, _, page = looker.open(server.link)
    assert (status, looker.signed_in) == (200, False)
    assert "Sign in as owner" in page
    owner = Browser()
    status, reached, _ = owner.press(server.link)
    assert (status, owner.signed_in) == (200, True)
    assert not reached.startswith(f"{server.url}/accounts/")
    status, _, page = Browser().open(server.link)
    assert status == 403
    assert "signin_link" in page


def check_static(server: Server) -> None:
    """A page's stylesheet comes under a name made from its content."""
    _, _, page = Browser().open(f"{server.url}/accounts/sign-in/")
    found = re.search(r'href="(/static/recite\.[0-9a-f]{12}\.css)"', page)
    assert found, page
    assert Browser().open(server.url + found[1])[0] == 200


def refusal(**where: Path | int | str) -> str:
    """The one line that `serve` ends with."""
    ended = manage("serve", **where)  # type: ignore[arg-type]
    assert ended.returncode == 1
    assert "Traceback" not in ended.stderr
    (line,) = ended.stderr.strip().splitlines()
    assert line.startswith("Recite cannot start: ")
    return line


@pytest.mark.xdist_group("serve")
def test_a_server_from_first_start_to_the_next(tmp_path: Path) -> None:
    data = tmp_path / "data"
    with serving(data) as server:
        assert server.said.count("Recite is at ") == 1
        check_link(server)
        check_static(server)
        second = refusal(data=data, port=free_port())
        assert str(server.process.pid) in second
        assert "RECITE_DATA_DIR" in second
        taken = refusal(data=tmp_path / "other", port=server.port)
        assert f"port {server.port}" in taken
        assert "RECITE_PORT=" in taken
        printed = manage("signin_link", data=data, port=server.port).stdout.strip()
        assert Browser().press(printed)[0] == 200
        copy = tmp_path / "copy.sqlite3"
        assert manage("backup", str(copy), data=data).returncode == 0
        assert names(copy) == ["owner"]
        assert server.stop(signal.SIGINT) == 0
        assert "Traceback" not in server.said

    static = data / "static"
    collected = {path: path.stat().st_mtime_ns for path in static.rglob("*.css")}
    assert manage("migrate", "quizzes", "zero", data=data).returncode == 0
    with serving(data) as server:
        (before,) = (data / "backups").iterdir()
        assert "before-quizzes.0001_initial" in before.name
        assert stat.S_IMODE(before.stat().st_mode) == 0o600
        assert names(before) == ["owner"]
        assert str(before) in server.said
        assert collected == {path: path.stat().st_mtime_ns for path in static.rglob("*.css")}
        assert server.stop(signal.SIGTERM) == 0


def names(database: Path) -> list[str]:
    connection = sqlite3.connect(database)
    try:
        return [name for (name,) in connection.execute("SELECT username FROM accounts_user")]
    finally:
        connection.close()


def test_a_folder_that_takes_no_files(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.touch()
    line = refusal(data=file / "data")
    assert str(file) in line
    assert "RECITE_DATA_DIR" in line


def test_a_database_that_is_none(tmp_path: Path) -> None:
    (tmp_path / "recite.sqlite3").write_bytes(b"not a database at all" * 100)
    line = refusal(data=tmp_path, port=free_port())
    assert "recite.sqlite3" in line
    assert "backups" in line


def test_a_database_server_that_does_not_answer(tmp_path: Path) -> None:
    nobody = f"postgres://nobody:secret@127.0.0.1:{free_port()}/recite"
    line = refusal(data=tmp_path, port=free_port(), RECITE_DATABASE_URL=nobody)
    assert "RECITE_DATABASE_URL" in line
    assert "secret" not in line


@pytest.mark.parametrize("port", ["0", "65536", "http", "-1"])
def test_a_port_that_is_none(tmp_path: Path, port: str) -> None:
    assert "RECITE_PORT is not a port" in refusal(data=tmp_path, port=port)


@pytest.mark.parametrize(
    ("name", "value"),
    [("RECITE_HOST", "localhost"), ("RECITE_DATABASE_URL", "nonsense"), ("RECITE_PUBLIC_URL", "example.org")],
)
def test_a_setting_that_means_nothing(tmp_path: Path, name: str, value: str) -> None:
    assert name in refusal(data=tmp_path, port=free_port(), **{name: value})


def test_a_server_just_stopped_leaves_its_port_free(tmp_path: Path) -> None:
    """Connections that linger after a stop are not a taken port; one that listens is."""
    from config.serving import CannotStartError, check_address

    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        port = listener.getsockname()[1]
        with socket.create_connection(("127.0.0.1", port)):
            accepted, _ = listener.accept()
            accepted.close()  # first to close: this side lingers
        with pytest.raises(CannotStartError, match="taken"):
            check_address("127.0.0.1", port)
    check_address("127.0.0.1", port)
