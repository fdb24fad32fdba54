"""Coming in, going out, and a person's own settings."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login, logout
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render, resolve_url
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from . import links
from .forms import SettingsForm, SignInForm, remember_time_zone, time_zones
from .models import User


def _destination(request: HttpRequest) -> str:
    """Where to go on to: `next` if it is a place of ours, else the first page."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    ours = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if ours else resolve_url(settings.LOGIN_REDIRECT_URL)


def _go(address: str) -> HttpResponse:
    return HttpResponseRedirect(address, status=303)


def _enter(request: HttpRequest, user: User) -> HttpResponse:
    login(request, user)
    remember_time_zone(user, request.POST.get("time_zone", ""))
    return _go(_destination(request))


@never_cache
def link(request: HttpRequest) -> HttpResponse:
    """A one-time link. Looking at it consumes nothing, so that previews don't; its button does."""
    if request.method == "POST":
        user = links.consume(request.POST.get("sesame", ""))
        response = _enter(request, user) if user else render(request, "accounts/link_spent.html", status=403)
    else:
        response = _show_link(request, request.GET.get("sesame", ""))
    # The address holds the token. Not "no-referrer": browsers would send the form with "Origin: null".
    response["Referrer-Policy"] = "strict-origin"
    return response


def _show_link(request: HttpRequest, token: str) -> HttpResponse:
    user = links.find(token)
    if user is None:
        return render(request, "accounts/link_spent.html", status=403)
    context = {"person": user, "token": token, "next": _destination(request)}
    return render(request, "accounts/link.html", context)


@never_cache
@sensitive_post_parameters("password")
def sign_in(request: HttpRequest) -> HttpResponse:
    form = SignInForm(request, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        return _enter(request, form.get_user())
    context = {"form": form, "next": _destination(request)}
    return render(request, "accounts/sign_in.html", context, status=422 if form.errors else 200)


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    logout(request)
    return _go(resolve_url(settings.LOGOUT_REDIRECT_URL))


@login_required
def preferences(request: HttpRequest) -> HttpResponse:
    """Time zone, start of the study day, language."""
    # Fetched again: a form that fails must not change the user whom the page greets.
    person = get_object_or_404(User, username=request.user.get_username())
    form = SettingsForm(request.POST if request.method == "POST" else None, instance=person)
    if request.method == "POST" and form.is_valid():
        person.save(update_fields=form.changed_data)
        messages.success(request, _("Your settings are saved."))
        return _go(resolve_url("accounts:settings"))
    context = {"form": form, "time_zones": time_zones()}
    return render(request, "accounts/settings.html", context, status=422 if form.errors else 200)
