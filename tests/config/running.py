"""Recite as people start it: `manage.py serve` in a process and a data folder of its own."""

import http.cookiejar
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def environment(data: Path, port: int | str, **more: str) -> dict[str, str]:
    """Ours alone: no setting of the machine's or the suite's comes through."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("RECITE_", "DJANGO_", "PYTEST_"))}
    return kept | {"RECITE_DATA_DIR": str(data), "RECITE_PORT": str(port), **more}


def manage(*words: str, data: Path, port: int | str = 8000, **more: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "manage.py", *words]
    env = environment(data, port, **more)
    return subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, timeout=60)


@dataclass
class Server:
    process: subprocess.Popen[str]
    port: int
    output: Path

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def said(self) -> str:
        return self.output.read_text()

    @property
    def link(self) -> str:
        found = re.search(r"\S+/accounts/link/\S+", self.said)
        assert found, self.said
        return found[0]

    def wait(self, seconds: int = 300) -> None:
        """Until /healthz answers; a first start installs its libraries before that."""
        for _ in range(20 * seconds):
            assert self.process.poll() is None, self.said
            try:
                with urllib.request.urlopen(f"{self.url}/healthz", timeout=5) as answer:
                    assert answer.read() == b"ok\n"
                    return
            except urllib.error.URLError:
                time.sleep(0.05)
        raise AssertionError(f"no answer within {seconds} s:\n{self.said}")

    def stop(self, number: int = signal.SIGINT) -> int:
        """As Ctrl-C does: the signal goes to the whole group."""
        os.killpg(self.process.pid, number)
        return self.process.wait(timeout=10)


class Browser:
    """A cookie jar, and answers as (status, address reached, text)."""

    def __init__(self) -> None:
        self.jar = http.cookiejar.CookieJar()
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.jar))

    def open(self, address: str, form: dict[str, str] | None = None) -> tuple[int, str, str]:
        data = urllib.parse.urlencode(form).encode() if form else None
        try:
            answer = self.opener.open(address, data, timeout=10)
        except urllib.error.HTTPError as error:
            answer = error
        with answer:
            return answer.status, answer.url, answer.read().decode()

    def press(self, address: str) -> tuple[int, str, str]:
        """Open the link's page and press its button."""
        _, _, page = self.open(address)
        form = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', page))
        return self.open(urllib.parse.urljoin(address, "/accounts/link/"), form)

    @property
    def signed_in(self) -> bool:
        return any(cookie.name == "recite_session" for cookie in self.jar)


@contextmanager
def serving(data: Path, *command: str, folder: Path = ROOT) -> Iterator[Server]:
    """A server that answers, started by the command in the folder; `manage.py serve` unless given."""
    port, output = free_port(), data.with_name(f"{data.name}.output")
    with output.open("w") as file:
        process = subprocess.Popen(
            command or [sys.executable, "manage.py", "serve"],
            cwd=folder,
            env=environment(data, port),
            stdout=file,
            stderr=file,
            text=True,
            start_new_session=True,
        )
    server = Server(process, port, output)
    try:
        server.wait()
        yield server
    finally:
        if process.poll() is None:
            server.stop(signal.SIGKILL)
