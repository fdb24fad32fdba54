"""Lists of decks and documents, and a note's page."""

from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from cards import access, citing, rendering
from cards.listing import with_parents
from cards.models import Deck


@require_safe
def decks(request: HttpRequest) -> HttpResponse:
    """Every deck the viewer finds, children under their parents."""
    found = list(with_parents(access.decks(request.user)))
    return render(request, "cards/decks.html", {"decks": _as_tree(found)})


def _as_tree(decks: list[Deck]) -> list[tuple[Deck, int]]:
    """Depth first, each with its `depth`; a deck whose parent is not seen stands at the top."""
    seen = {deck.pk for deck in decks}
    children: dict[int | None, list[Deck]] = {}
    for deck in decks:
        children.setdefault(deck.parent_id if deck.parent_id in seen else None, []).append(deck)

    def below(parent: int | None, depth: int) -> list[tuple[Deck, int]]:
        return [
            item for deck in children.get(parent, []) for item in ((deck, depth), *below(deck.pk, depth + 1))
        ]

    return below(None, 0)


@require_safe
def documents(request: HttpRequest) -> HttpResponse:
    found = access.documents(request.user).annotate(
        sentences=Count("current__passages", filter=~Q(current__passages__kind="heading"))
    )
    return render(request, "cards/documents.html", {"documents": found})


@require_safe
def note(request: HttpRequest, guid: str) -> HttpResponse:
    """A note with every card it asks and every passage it cites."""
    row = access.note(request.user, guid)
    cards = row.cards.all() if row.retired_at else row.cards.live()
    ordinals = cards.order_by("ordinal").values_list("ordinal", flat=True)
    context = {
        "note": row,
        "title": rendering.title(row),
        "faces": rendering.faces(row, ordinals),
        "excerpts": citing.excerpts([row], request.user).get(row.pk, []),
        "tags": row.tags.all(),
    }
    return render(request, "cards/note.html", context)
