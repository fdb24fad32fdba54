"""What the README promises, done as a newcomer would: a fresh copy in an empty folder, its two commands."""

import os
import re
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.config.running import ROOT, Browser, Server, serving

README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_it_fits_one_screen() -> None:
    assert len(README.splitlines()) <= 60


def test_everything_it_names_is_there() -> None:
    links = re.findall(r"\]\((?!http)([^)#]+)\)", README)
    folders = re.findall(r"`([a-z]+/)`", README)
    assert links
    assert folders
    missing = [name for name in (*links, *folders) if name != "var/" and not (ROOT / name).exists()]
    assert missing == []


def test_its_test_command_is_the_suite() -> None:
    assert "\nmake test\n" in README
    said = subprocess.run(["make", "-n", "test"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert "-m pytest" in said
    assert "make test" in (ROOT / ".ci/run").read_text()


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The files of the project alone, as a clone would hold them."""
    if os.environ.get("RECITE_TEST_DATABASE_URL"):
        pytest.skip("the README's database is SQLite; this run tests another")
    folder = tmp_path_factory.mktemp("recite")
    listing = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    names = subprocess.run(listing, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    for name in filter(None, names.split("\0")):
        if (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, folder / name)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


def study_one_card(server: Server, me: Browser) -> None:
    """Choose a deck, read what there is to read, and grade the first card."""
    _, _, today = me.open(f"{server.url}/")
    token = re.findall(r'name="csrfmiddlewaretoken" value="([^"]+)"', today)[0]
    deck = re.findall(r'name="deck" value="([^"]+)"', today)[0]
    _, address, page = me.open(f"{server.url}/enroll/", {"csrfmiddlewaretoken": token, "deck": deck})
    while 'name="quality"' not in page:
        fields = dict(re.findall(r'name="(csrfmiddlewaretoken|card|deck)" value="([^"]+)"', page))
        _, address, page = me.open(f"{server.url}/study/read/", fields)
    fields = dict(re.findall(r'name="(csrfmiddlewaretoken|token|deck)" value="([^"]+)"', page))
    status, address, _ = me.open(f"{server.url}/study/answer/", {**fields, "quality": "4"})
    assert status == 200
    assert address.endswith(f"/decks/{deck}/study/")


def test_make_run_from_nothing_to_a_graded_card_and_again(clone: Path) -> None:
    assert "\nmake run\n" in README
    data, me = clone / "var", Browser()
    with serving(data, "make", "run", folder=clone) as server:
        assert server.said.splitlines()[-1].startswith(f"Recite is at {server.url}/"), (
            "the last line is the link"
        )
        assert me.press(server.link)[0] == 200
        study_one_card(server, me)
        assert server.stop() in {0, -signal.SIGINT}, "Ctrl-C stops it, and make with it"
        assert "Traceback" not in server.said
    began = time.monotonic()
    with serving(data, "make", "run", folder=clone) as server:
        took = time.monotonic() - began
        assert "Installing" not in server.said
        assert "created" not in server.said, "the library is loaded already"
        me.press(server.link)
        assert "19 new" in me.open(f"{server.url}/")[2], "one of the day's twenty new cards is done"
    assert took < 20, "it answers within seconds"
