"""Uploaded bytes → one text in blocks, with every repair recorded. Pure; one file per format."""

from . import text
from .result import Block, BlockKind, Reading, Repair, UnreadableError

__all__ = ["Block", "BlockKind", "Reading", "Repair", "UnreadableError", "read"]


def read(raw: bytes, name: str) -> Reading:
    """Read a file; `name` is what messages call it. Raises UnreadableError."""
    return text.read(raw, name)
