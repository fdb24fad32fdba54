"""The look: colours that can be read, nothing inline, files that are there, error pages that need nothing."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.template.loader import render_to_string

STATIC = settings.BASE_DIR / "static"
CSS = (STATIC / "recite.css").read_text()
TOKENS = dict(re.findall(r"--([\w-]+): light-dark\((#\w{6}, #\w{6})\)", CSS))
TINTS = re.findall(r"--([\w-]+-tint): color-mix\(in srgb, var\(--(\w+)\) (\d+)%, var\(--(\w+)\)\)", CSS)
TEMPLATES = sorted(p for p in settings.BASE_DIR.glob("**/templates/**/*.html") if ".venv" not in p.parts)

Colour = tuple[float, ...]

TEXT = [
    (text, ground)
    for ground in ("paper", "sheet")
    for text in ("ink", "quiet", "accent", "right", "wrong", "caution")
]
TEXT += [
    ("ink", "mark"),
    ("ink", "weak-tint"),
    ("ink", "young-tint"),
    ("ink", "mature-tint"),
]
TEXT += [(text, f"{name}-tint") for name in ("right", "wrong", "caution") for text in ("ink", "quiet", name)]
PARTS = [
    (part, ground) for ground in ("paper", "sheet") for part in ("weak", "young", "mature", "edge", "accent")
]


def palette(scheme: int) -> dict[str, Colour]:
    """Every colour token as red, green, blue in 0..1; scheme 0 is light, 1 dark."""
    hexes = {name: pair.split(", ")[scheme].lstrip("#") for name, pair in TOKENS.items()}
    colours = {name: tuple(int(h[i : i + 2], 16) / 255 for i in (0, 2, 4)) for name, h in hexes.items()}
    colours["on-button"] = (1.0, 1.0, 1.0)
    for name, part, percent, ground in TINTS:
        share = int(percent) / 100
        pairs = zip(colours[part], colours[ground], strict=True)
        colours[name] = tuple(a * share + b * (1 - share) for a, b in pairs)
    return colours


def luminance(colour: Colour) -> float:
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in colour]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: Colour, other: Colour) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
def test_every_pair_of_colours_can_be_told_apart(scheme: int) -> None:
    colours = palette(scheme)
    text = [*TEXT, ("on-button", "button"), ("on-button", "button-over")]
    faint = [pair for pair in text if contrast(colours[pair[0]], colours[pair[1]]) < 4.5]
    faint += [pair for pair in PARTS if contrast(colours[pair[0]], colours[pair[1]]) < 3]
    assert faint == []


def test_the_stylesheet_names_only_files_that_are_there() -> None:
    urls = re.findall(r'url\("([^"]+)"\)', CSS)
    assert urls
    assert [url for url in urls if not (STATIC / url).is_file()] == []


def test_colours_stand_among_the_tokens_alone() -> None:
    rules = CSS.split("/* 3 —")[1].split("@media print")[0]
    assert re.findall(r"#[0-9a-f]{3,8}\b", rules) == []


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
def test_nothing_is_inline(template: Path) -> None:
    source = template.read_text()
    assert (
        re.findall(r"\sstyle=|<style|<script(?![^>]*\ssrc=)|\son\w+=|hx-on|hx-vals=.js:|javascript:", source)
        == []
    )


@pytest.mark.parametrize("name", ["400", "403", "403_csrf", "404", "500"])
def test_error_pages_need_no_request_no_person_and_no_database(name: str) -> None:
    page = render_to_string(f"{name}.html")
    assert "<h1" in page
    assert 'href="/"' in page


def test_every_vendored_folder_is_listed_with_its_licence() -> None:
    listing = (STATIC / "vendor" / "VENDORED.md").read_text()
    folders = [path for path in (STATIC / "vendor").iterdir() if path.is_dir()]
    assert folders
    assert [path.name for path in folders if f"| {path.name} |" not in listing] == []
    assert [path.name for path in folders if not (path / "LICENSE.txt").is_file()] == []
