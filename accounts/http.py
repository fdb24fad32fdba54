"""What every view of the house shares."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.shortcuts import redirect, render
from django_htmx.http import HttpResponseClientRedirect
from django_htmx.middleware import HtmxDetails

from .models import User


class HtmxRequest(HttpRequest):
    """A request as our middleware hands it on."""

    htmx: HtmxDetails


class SignedInRequest(HtmxRequest):
    """What a view behind login_required gets."""

    user: User


def page(request: HtmxRequest, template: str, fragment: str) -> str:
    """The template to render: the fragment for HTMX, the page for all else and for history restore."""
    if request.htmx and not request.htmx.history_restore_request:
        return f"{template}#{fragment}"
    return template


def see_other(request: HtmxRequest, url: str) -> HttpResponse:
    """Lead the whole page there: 303 after a form, a client redirect within HTMX."""
    return HttpResponseClientRedirect(url) if request.htmx else HttpResponseRedirect(url, status=303)


def bad_request(request: HttpRequest, message: str) -> HttpResponse:
    """A clear page that says what to do; nothing was written."""
    return render(request, "400.html", {"message": message}, status=400)


View = Callable[..., HttpResponse]


def posts_only(fallback: str) -> Callable[[View], View]:
    """A view that takes POST alone. Who asks for its page, perhaps after signing in, is led to `fallback`."""

    def decorate(view: View) -> View:
        @wraps(view)
        def taken(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if request.method == "POST":
                return view(request, *args, **kwargs)
            if request.method in {"GET", "HEAD"}:
                return redirect(fallback)
            return HttpResponseNotAllowed(["GET", "HEAD", "POST"])

        return taken

    return decorate
