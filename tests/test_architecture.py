"""The one-way rule and the house's sizes, read from the source itself. Imports are held by import-linter."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
ROOMS = ("accounts", "cards", "quizzes", "config")
PURE = [
    "cards/anchoring.py",
    "cards/cloze.py",
    "cards/exchange.py",
    "cards/passages.py",
    *(str(path.relative_to(ROOT)) for path in ROOT.glob("cards/deckfile*.py")),
    *(str(path.relative_to(ROOT)) for path in ROOT.glob("cards/reading/*.py")),
    "quizzes/days.py",
    "quizzes/marking.py",
    "quizzes/questions.py",
    "quizzes/scheduling.py",
    "quizzes/sm2.py",
    "quizzes/wording.py",
]
CLOCKS = {"now", "today", "utcnow", "time", "time_ns", "monotonic", "localtime", "gmtime"}


def sources() -> list[Path]:
    return [path for room in ROOMS for path in (ROOT / room).rglob("*.py") if "migrations" not in path.parts]


def parse(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def imports(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


def clock_calls(tree: ast.Module) -> Iterator[str]:
    """Calls such as datetime.now() or time.time(); `time(4)` makes a time of day and is none."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in CLOCKS:
            owner = node.func.value
            if isinstance(owner, ast.Name) and owner.id in {"datetime", "date", "time", "timezone"}:
                yield f"{owner.id}.{node.func.attr}"


@pytest.mark.parametrize("name", PURE)
def test_pure_modules_know_no_django_and_no_clock(name: str) -> None:
    tree = parse(ROOT / name)
    assert not [module for module in imports(tree) if module.split(".")[0] == "django"]
    assert not list(clock_calls(tree))


def test_the_clock_is_caught() -> None:
    tree = ast.parse("import datetime as d\nfrom datetime import datetime\ndatetime.now()\n")
    assert list(clock_calls(tree)) == ["datetime.now"]


def test_cards_names_nothing_of_quizzes() -> None:
    for path in [*(ROOT / "templates/cards").rglob("*.html"), *(ROOT / "cards").rglob("*.py")]:
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"""["']quizzes[:/.]|\bimport quizzes\b|\bfrom quizzes\b""", text), path


def test_accounts_names_nothing_above() -> None:
    for path in [*(ROOT / "templates/accounts").rglob("*.html"), *(ROOT / "accounts").rglob("*.py")]:
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"\b(import|from) (cards|quizzes|config)\b|[\"'](cards|quizzes)[:/]", text), path


@pytest.mark.parametrize("path", sources(), ids=lambda path: str(path.relative_to(ROOT)))
def test_sizes(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 400
    for node in ast.walk(parse(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            assert (node.end_lineno or 0) - node.lineno < 50, node.name


def test_only_the_writers_write_the_log() -> None:
    """Schedules and log rows come from reviewing.py alone."""
    writes = re.compile(
        r"\b(Review|Schedule)(\.objects\.(create|bulk_create|update_or_create|get_or_create)|\()"
    )
    guilty = {
        str(path.relative_to(ROOT))
        for path in sources()
        if path.name != "reviewing.py"
        and "models" not in path.parts
        and writes.search(path.read_text(encoding="utf-8"))
    }
    assert guilty == set()


def test_pages_carry_nothing_inline() -> None:
    """The Content-Security-Policy would refuse it."""
    inline = re.compile(r"\sstyle=|<style|<script(?![^>]*\ssrc=)|\son[a-z]+=|hx-on|javascript:", re.I)
    guilty = [str(path) for path in (ROOT / "templates").rglob("*.html") if inline.search(path.read_text())]
    assert guilty == []
