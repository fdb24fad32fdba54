"""Each request runs in its person's time zone and language."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation


def local_time(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    def middleware(request: HttpRequest) -> HttpResponse:
        if not request.user.is_authenticated:
            return get_response(request)
        if request.user.language:
            translation.activate(request.user.language)  # LocaleMiddleware sets it anew for each request
        with timezone.override(request.user.zone):
            return get_response(request)

    return middleware
