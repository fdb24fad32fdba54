"""What HTMX needs of every answer."""

from collections.abc import Callable
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import resolve_url
from django.utils.cache import patch_vary_headers
from django_htmx.http import HttpResponseClientRedirect

from accounts.http import HtmxRequest


def htmx(get_response: Callable[[HtmxRequest], HttpResponse]) -> Callable[[HtmxRequest], HttpResponse]:
    """Keep page and fragment apart in caches; an expired session leads the whole page to the sign-in."""

    def middleware(request: HtmxRequest) -> HttpResponse:
        response = get_response(request)
        patch_vary_headers(response, ["HX-Request"])
        target = response.get("Location", "")
        if request.htmx and urlsplit(target).path == resolve_url(settings.LOGIN_URL):
            return HttpResponseClientRedirect(target)
        return response

    return middleware
