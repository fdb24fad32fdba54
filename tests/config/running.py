"""Recite as people start it: `manage.py serve` in a process and a data folder of its own."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
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

    def wait(self) -> None:
        """Until /healthz answers."""
        for _ in range(600):
            assert self.process.poll() is None, self.said
            try:
                with urllib.request.urlopen(f"{self.url}/healthz", timeout=5) as answer:
                    assert answer.read() == b"ok\n"
                    return
            except urllib.error.URLError:
                time.sleep(0.05)
        raise AssertionError(f"no answer within 30 s:\n{self.said}")

    def stop(self, number: int = signal.SIGINT) -> int:
        """As Ctrl-C does: the signal goes to the whole group."""
        os.killpg(self.process.pid, number)
        return self.process.wait(timeout=10)


@contextmanager
def serving(data: Path) -> Iterator[Server]:
    """A server that answers."""
    port, output = free_port(), data.with_name(f"{data.name}.output")
    with output.open("w") as file:
        process = subprocess.Popen(
            [sys.executable, "manage.py", "serve"],
            cwd=ROOT,
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
