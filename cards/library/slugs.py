"""Names that must not repeat: guids and slugs."""

import re
import secrets

from django.utils.text import slugify

from cards.models import Deck, Document

SLUG = re.compile(r"[A-Za-z0-9_-]{1,120}")
GUID_ALPHABET = "abcdefghijklmnopqrstuvwxyz0123456789"


def new_guid() -> str:
    """Ten random letters and digits: 51 bits, never derived from a note's text."""
    return "".join(secrets.choice(GUID_ALPHABET) for _ in range(10))


def unused_slug(name: str) -> str:
    """A slug no deck or document has; with a random tail where the plain one is taken."""
    slug = slugify(name)[:100] or new_guid()
    taken = Deck.objects.filter(slug=slug).exists() or Document.objects.filter(slug=slug).exists()
    return f"{slug}-{new_guid()}" if taken else slug
