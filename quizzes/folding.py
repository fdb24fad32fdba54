"""Passages under an answer, with the neighbours folded that would give away what is still to be asked."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from cards.citing import Excerpt
from cards.models import Passage

from .spoiling import Place


@dataclass(frozen=True, slots=True)
class ShownExcerpt:
    excerpt: Excerpt
    fold_before: bool
    fold_after: bool


def neighbours(excerpts: Iterable[Excerpt]) -> set[Place]:
    """The passages beside the cited ones."""
    beside = (passage for each in excerpts for passage in (each.before, each.after) if passage)
    return {(passage.version_id, passage.position) for passage in beside}


def folded(excerpts: Iterable[Excerpt], pending: Collection[Place]) -> list[ShownExcerpt]:
    """The excerpts; `pending` are the passages that carry something still to be asked."""

    def gives_away(passage: Passage | None) -> bool:
        return passage is not None and (passage.version_id, passage.position) in pending

    return [ShownExcerpt(each, gives_away(each.before), gives_away(each.after)) for each in excerpts]
