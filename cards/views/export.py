"""A deck to take along: the page that says what Anki does with it, and the file."""

from contextlib import ExitStack
from tempfile import TemporaryFile

from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from cards import access
from cards.anki.export import exportable, write_package


@require_safe
def export(request: HttpRequest, slug: str) -> HttpResponse:
    deck = access.deck(request.user, slug)
    decks = access.with_below(request.user, deck)
    context = {"deck": deck, "subdecks": len(decks) - 1, "notes": exportable(decks).count()}
    return render(request, "cards/export.html", context)


@require_safe
def export_anki(request: HttpRequest, slug: str) -> FileResponse:
    """The deck as .apkg, from a file without a name: gone when the answer is sent."""
    deck = access.deck(request.user, slug)
    with ExitStack() as stack:
        file = stack.enter_context(TemporaryFile())
        write_package([deck], request.user, file)
        file.seek(0)
        stack.pop_all()  # the response closes it
    return FileResponse(
        file, as_attachment=True, filename=f"{deck.slug}.apkg", content_type="application/vnd.anki"
    )
