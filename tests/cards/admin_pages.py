"""Reads an admin page's form as a browser would, to send it back with a few fields changed."""

from html.parser import HTMLParser
from typing import Any

from django.test import Client
from django.utils.html import escape


class _Form(HTMLParser):
    """The values of the form with this id, as the browser would send them."""

    def __init__(self, form: str) -> None:
        super().__init__()
        self.form, self.inside = form, False
        self.values: dict[str, str] = {}
        self.name = self.text = ""  # of the textarea we are in
        self.select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.inside = found.get("id") == self.form
        if not self.inside:
            return
        name, value = found.get("name", ""), found.get("value", "")
        kind = found.get("type", "text")
        if tag == "input" and kind == "checkbox":
            self.values |= {name: value or "on"} if "checked" in found else {}
        elif tag == "input" and kind != "submit":
            self.values[name] = value
        elif tag == "textarea":
            self.name, self.text = name, ""
        elif tag == "select":
            self.select = name
        elif tag == "option" and "selected" in found:
            self.values[self.select] = value

    def handle_data(self, data: str) -> None:
        self.text += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea" and self.name:
            # A browser drops the first line break and sends the others as \r\n.
            self.values[self.name] = self.text.removeprefix("\n").removeprefix("\r\n").replace("\n", "\r\n")
            self.name = ""
        elif tag == "form":
            self.inside = False


def fields(response: Any, form: str) -> dict[str, str]:
    """What the form on the page would send."""
    reader = _Form(form)
    reader.feed(response.content.decode())
    return {name: value for name, value in reader.values.items() if "__prefix__" not in name}


def edit(client: Client, url: str, form: str, **changes: Any) -> Any:
    """Open the page, change these fields (None: leave out) and save."""
    values = {**fields(client.get(url), form), **changes, "_continue": "1"}
    return client.post(url, {name: value for name, value in values.items() if value is not None})


def errors(response: Any) -> list[str]:
    """Every error shown, in the order of the page."""
    found = [*response.context["adminform"].errors.values()]
    for inline in response.context["inline_admin_formsets"]:
        found += [each for form in inline.formset.forms for each in form.errors.values()]
    shown = [str(error) for errors in found for error in errors]
    assert all(escape(error) in response.content.decode() for error in shown)
    return shown
