"""Reads a study page as a learner's browser would."""

import html
import re
from dataclasses import dataclass, field
from typing import Any

from django.test import Client


@dataclass
class Page:
    status: int
    text: str
    fields: dict[str, str] = field(default_factory=dict)  # hidden inputs of the main form
    undo: str = ""  # id of the answer the Undo button takes back

    @property
    def kind(self) -> str:
        if "token" in self.fields:
            return "question"
        return "reading" if "card" in self.fields else "end"

    @property
    def question(self) -> str:
        found = re.search(r"data-focus>(.*?)</(div|h1)>", self.text, re.S)
        return words(found.group(1)) if found else ""

    @property
    def promises(self) -> list[str]:
        return [words(part) for part in re.findall(r"<small>(.*?)</small>", self.text, re.S)]

    @property
    def marked(self) -> list[str]:
        return [words(part) for part in re.findall(r"<mark>(.*?)</mark>", self.text, re.S)]


def words(markup: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", "", markup)).split())


def page(response: Any) -> Page:
    text = response.content.decode()
    main = text.split('id="study"')[-1]
    fields = {
        name: html.unescape(value)
        for name, value in re.findall(r'name="(token|deck|card)" value="([^"]*)"', main)
    }
    undo = re.search(r'name="review" value="(\d+)"', text)
    return Page(response.status_code, text, fields, undo.group(1) if undo else "")


def study(client: Client, deck: str = "") -> Page:
    """What study shows now, by a plain GET."""
    return page(client.get(f"/decks/{deck}/study/" if deck else "/study/"))


def answer(client: Client, shown: Page, quality: int, **more: Any) -> Page:
    """Press a grade button without JavaScript, and follow to the next page."""
    response = client.post("/study/answer/", {**shown.fields, "quality": quality, **more}, follow=True)
    return page(response)


def read(client: Client, shown: Page) -> Page:
    return page(client.post("/study/read/", shown.fields, follow=True))


def next_question(client: Client, deck: str = "") -> Page:
    """The next question, paragraphs read on the way."""
    shown = study(client, deck)
    while shown.kind == "reading":
        shown = read(client, shown)
    return shown
