from datetime import timedelta
from io import StringIO
from urllib.parse import parse_qs, urlsplit

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from accounts.links import consume, sign_in_link, site_url
from accounts.models import User

LINK = "/accounts/link/"


def token(user: User) -> str:
    return parse_qs(urlsplit(sign_in_link(user)).query)["sesame"][0]


def signed_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def test_looking_consumes_nothing_and_the_button_signs_in_once(alice: User) -> None:
    client, word = Client(), token(alice)
    for _ in range(3):  # a mail program's preview, then the person, twice
        page = client.get(LINK, {"sesame": word})
        assert page.status_code == 200
        assert "Sign in as alice" in page.content.decode()
    assert not signed_in(client)
    assert User.objects.get(pk=alice.pk).last_login is None

    entered = client.post(LINK, {"sesame": word})
    assert (entered.status_code, entered["Location"]) == (303, "/")
    assert signed_in(client)

    other = Client()
    again = other.post(LINK, {"sesame": word})
    assert again.status_code == 403
    assert "signin_link" in again.content.decode()
    assert not signed_in(other)


def test_only_the_csrf_cookie_is_set_by_looking(alice: User) -> None:
    page = Client().get(LINK, {"sesame": token(alice)})
    assert set(page.cookies) <= {"recite_csrf"}


def test_the_token_stays_out_of_referrers_and_caches(alice: User) -> None:
    page = Client().get(LINK, {"sesame": token(alice)})
    assert page["Referrer-Policy"] == "strict-origin"  # the site's name at most, never the address
    assert "no-store" in page["Cache-Control"]


@pytest.mark.parametrize("word", ["", "x", "AAAAAAAAAAEM9mzo3FB_-VZwWSHwVg", "é" * 40, "A" * 5000])
def test_a_forged_link_is_refused(db: None, word: str) -> None:
    assert Client().get(LINK, {"sesame": word}).status_code == 403
    assert Client().post(LINK, {"sesame": word}).status_code == 403


def test_a_link_is_good_for_a_day(alice: User, monkeypatch: pytest.MonkeyPatch) -> None:
    word = token(alice)
    later = (timezone.now() + timedelta(days=1, seconds=5)).timestamp()
    monkeypatch.setattr("sesame.tokens_v2.time.time", lambda: later)
    assert Client().get(LINK, {"sesame": word}).status_code == 403
    assert Client().post(LINK, {"sesame": word}).status_code == 403


def test_a_later_sign_in_or_an_inactive_user_ends_the_link(alice: User, bob: User) -> None:
    old, bobs = token(alice), token(bob)
    Client().post(LINK, {"sesame": token(alice)})
    assert Client().get(LINK, {"sesame": old}).status_code == 403
    User.objects.filter(pk=bob.pk).update(is_active=False)
    assert Client().get(LINK, {"sesame": bobs}).status_code == 403


def test_of_two_at_once_one_gets_the_link(alice: User, monkeypatch: pytest.MonkeyPatch) -> None:
    word = token(alice)
    monkeypatch.setattr("accounts.links.find", lambda _: alice)  # both looked before either took
    assert consume(word) == alice
    assert consume(word) is None


def test_the_link_signs_in_somebody_else_over_a_session(alice: User, bob: User) -> None:
    client = Client()
    client.force_login(alice)
    client.post(LINK, {"sesame": token(bob)})
    assert client.session["_auth_user_id"] == str(bob.pk)


@pytest.mark.parametrize(
    ("wanted", "reached"),
    [("/decks/", "/decks/"), ("https://elsewhere.example/", "/"), ("//elsewhere.example/", "/")],
)
def test_next_leads_to_our_own_pages_only(alice: User, wanted: str, reached: str) -> None:
    assert Client().post(LINK, {"sesame": token(alice), "next": wanted})["Location"] == reached


@pytest.mark.parametrize(
    ("had", "sent", "kept"),
    [
        ("", "Europe/Athens", "Europe/Athens"),
        ("", "Mars/Olympus", ""),
        ("", "", ""),
        ("Asia/Tokyo", "Europe/Athens", "Asia/Tokyo"),
    ],
)
def test_the_browsers_time_zone_is_kept_once(alice: User, had: str, sent: str, kept: str) -> None:
    User.objects.filter(pk=alice.pk).update(time_zone=had)
    Client().post(LINK, {"sesame": token(alice), "time_zone": sent})
    assert User.objects.get(pk=alice.pk).time_zone == kept


def test_links_lead_to_where_people_reach_the_site(settings: Settings) -> None:
    settings.PUBLIC_URL, settings.HOST, settings.PORT = "", "127.0.0.1", 8123
    assert site_url() == "http://127.0.0.1:8123"
    settings.HOST = "0.0.0.0"
    assert site_url() == "http://127.0.0.1:8123"
    settings.HOST = "::1"
    assert site_url() == "http://[::1]:8123"
    settings.PUBLIC_URL = "https://recite.example.org"
    assert site_url() == "https://recite.example.org"


def printed(*names: str) -> str:
    out = StringIO()
    call_command("signin_link", *names, stdout=out)
    return out.getvalue().strip()


def test_the_command_prints_a_link_that_works(alice: User, bob: User) -> None:
    for names, user in [((), alice), (("bob",), bob)]:
        address = urlsplit(printed(*names))
        assert address.path == reverse("accounts:link")
        client = Client()
        client.post(LINK, {"sesame": parse_qs(address.query)["sesame"][0]})
        assert client.session["_auth_user_id"] == str(user.pk)


def test_the_command_names_who_there_is(alice: User, bob: User) -> None:
    with pytest.raises(CommandError, match=r"“eve”.*alice, bob"):
        printed("eve")


def test_the_command_without_anybody(db: None) -> None:
    with pytest.raises(CommandError, match="make run"):
        printed()
