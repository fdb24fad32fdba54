"""The server: what must be true before it starts, and the one process that answers."""

import errno
import fcntl
import ipaddress
import os
import signal
import socket
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any

from django.core.wsgi import get_wsgi_application
from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

THREADS = 32  # a slow client holds one, and each holds one database connection
STOP_SECONDS = 4  # what a running request is given when the server is told to stop


class CannotStartError(Exception):
    """One line: what is in the way, and how to mend it."""


def check_folder(folder: Path) -> None:
    """Prove that `folder` takes new files."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise CannotStartError(
            f"cannot write in {folder} ({error.strerror}). "
            "Make the folder writable, or name another in RECITE_DATA_DIR."
        ) from error


def lock_folder(folder: Path) -> IO[str]:
    """Hold `folder` against a second server for as long as the returned file stays open."""
    file = (folder / "serve.lock").open("a+")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        file.seek(0)
        raise CannotStartError(
            f"another Recite is running on {folder} (process {file.read().strip() or 'unknown'}). "
            "Stop that one first (Ctrl-C in its window), "
            "or give this one a RECITE_DATA_DIR and a RECITE_PORT of its own."
        ) from None
    file.truncate(0)
    file.write(f"{os.getpid()}\n")
    file.flush()
    return file


def check_address(host: str, port: int) -> None:
    """Prove that nobody listens at host:port. Granian itself shares a taken port without a word."""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        raise CannotStartError(
            f"RECITE_HOST is “{host}”. Write an IP address, for example 127.0.0.1 or 0.0.0.0."
        ) from None
    if not 1 <= port <= 65535:
        raise CannotStartError("RECITE_PORT is not a port. Write a number from 1 to 65535, for example 8000.")
    family = socket.AF_INET if address.version == 4 else socket.AF_INET6
    with socket.socket(family) as probe:
        # Connections of a server just stopped linger; they don't count as taken.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
            probe.listen()
        except OSError as error:
            raise CannotStartError(_refusal(error, host, port)) from error


def _refusal(error: OSError, host: str, port: int) -> str:
    match error.errno:
        case errno.EADDRINUSE:
            return (
                f"port {port} on {host} is taken by another program. "
                f"Stop that one, or choose another port: RECITE_PORT={port + 1 if port < 65535 else 8000}"
            )
        case errno.EACCES:
            return f"port {port} is kept for the administrator. Choose one above 1023: RECITE_PORT=8000"
        case errno.EADDRNOTAVAIL:
            return f"this machine has no address {host}. Set RECITE_HOST to one it has, or leave it out."
        case _:
            return f"cannot listen on {host} port {port}: {error.strerror}."


def stop_on_signal() -> None:
    """Until granian takes the signals over: Ctrl-C and TERM end the preparations quietly."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: sys.exit(0))


def run(host: str, port: int) -> None:
    """Answer requests until told to stop."""
    server = Granian(
        "config.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=1,
        blocking_threads=THREADS,
        # No `backpressure`: it counts connections, and a browser that keeps one open would shut others out.
        websockets=False,
        log_level=LogLevels.error,  # its warnings speak of many threads; ours wait for slow clients
        respawn_failed_workers=True,
        workers_kill_timeout=STOP_SECONDS,
    )
    server.on_startup(_hangup(server))
    server.serve(target_loader=load_worker)


def _hangup(server: Any) -> Callable[[], None]:
    """A closed terminal stops the server (granian would restart its workers); under nohup it goes on."""
    handler = signal.getsignal(signal.SIGHUP)

    def hook() -> None:
        stays = handler is signal.SIG_IGN
        signal.signal(signal.SIGHUP, signal.SIG_IGN if stays else server.signal_handler_interrupt)

    return hook


def load_worker(target: str) -> Any:
    """The application, in a worker that hears of Ctrl-C from its parent only, and ends if its parent has."""
    parent = os.getppid()
    os.setpgid(0, 0)

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(1)
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=watch, daemon=True).start()
    return get_wsgi_application()
