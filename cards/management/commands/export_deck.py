"""export_deck SLUG -o FILE.apkg: a deck with its subdecks as an Anki package."""

import os
from argparse import ArgumentParser
from difflib import get_close_matches
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from cards.anki.export import Report, write_package
from cards.models import Deck


class Command(BaseCommand):
    help = "Write a deck, with its subdecks, as an Anki package."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("slug", help="the deck's slug, as in its address")
        parser.add_argument("-o", "--output", required=True, type=Path, metavar="FILE.apkg")

    def handle(self, *, slug: str, output: Path, **options: object) -> None:
        report = _write(_deck(slug), output)
        self.stdout.write(f"{output}: {report}")


def _deck(slug: str) -> Deck:
    decks = Deck.objects.filter(retired_at=None).select_related("parent", "owner")
    if found := decks.filter(slug=slug).first():
        return found
    slugs = list(decks.order_by("slug").values_list("slug", flat=True))
    near = get_close_matches(slug, slugs, cutoff=0.4) or slugs[:5]
    hint = _("Did you mean %s?") % _(" or ").join(near) if near else _("There are no decks yet.")
    raise CommandError(_("There is no deck “%(slug)s”. %(hint)s") % {"slug": slug, "hint": hint})


def _write(deck: Deck, output: Path) -> Report:
    """Under another name first, so that FILE is either whole or as it was."""
    partial = output.with_name(f".{output.name}.{os.getpid()}.part")
    try:
        with partial.open("wb") as file:
            report = write_package([deck], deck.owner, file)
        partial.replace(output)
    except OSError as error:
        what = _("Cannot write %s (%s).") % (output, error.strerror or error)
        mend = _("Name a file in a folder you may write in.")
        raise CommandError(f"{what} {mend}") from error
    finally:
        partial.unlink(missing_ok=True)
    return report
