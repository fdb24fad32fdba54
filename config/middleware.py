"""What HTMX and the way to the sign-in need of every answer."""

from collections.abc import Callable
from contextlib import suppress
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import HttpResponse
from django.shortcuts import resolve_url
from django.utils.cache import patch_cache_control, patch_vary_headers
from django.utils.http import url_has_allowed_host_and_scheme
from django_htmx.http import HttpResponseClientRedirect

from accounts.http import HtmxRequest


def htmx(get_response: Callable[[HtmxRequest], HttpResponse]) -> Callable[[HtmxRequest], HttpResponse]:
    """Keep page and fragment apart in caches; an expired session leads the whole page to the sign-in."""

    def middleware(request: HtmxRequest) -> HttpResponse:
        response = get_response(request)
        patch_vary_headers(response, ["HX-Request"])
        if request.user.is_authenticated and not response.has_header("Cache-Control"):
            patch_cache_control(response, private=True, no_store=True)  # nothing to go back to after sign-out
        if urlsplit(response.get("Location", "")).path != resolve_url(settings.LOGIN_URL):
            return response
        if came_from := _page_of(request):
            response["Location"] = redirect_to_login(came_from).url
        return HttpResponseClientRedirect(response["Location"]) if request.htmx else response

    return middleware


def _page_of(request: HtmxRequest) -> str:
    """The page a form was sent from, to come back to; the address it was sent to may take only forms."""
    if request.htmx:
        with suppress(ValueError):  # a header that is no address
            return request.htmx.current_url_abs_path or ""
        return ""
    page = request.headers.get("Referer", "") if request.method == "POST" else ""
    ours = url_has_allowed_host_and_scheme(page, {request.get_host()}, require_https=request.is_secure())
    return urlsplit(page)._replace(scheme="", netloc="").geturl() if ours else ""
