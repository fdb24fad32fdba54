from urllib.parse import unquote

import pytest
from django.test import Client

from accounts import throttle
from accounts.models import User

SIGN_IN = "/accounts/sign-in/"
WORDS = {"username": "bob", "password": "another long word"}


def test_a_password_signs_in_and_goes_on(bob: User) -> None:
    client = Client()
    assert client.get(SIGN_IN, {"next": "/settings/"}).status_code == 200
    entered = client.post(SIGN_IN, {**WORDS, "next": "/settings/", "time_zone": "Europe/Paris"})
    assert (entered.status_code, entered["Location"]) == (303, "/settings/")
    assert client.get("/settings/").status_code == 200
    assert User.objects.get(pk=bob.pk).time_zone == "Europe/Paris"


@pytest.mark.parametrize(
    "wanted", ["https://elsewhere.example/", "//elsewhere.example", "javascript:1", "\\\\x"]
)
def test_next_does_not_lead_away(bob: User, wanted: str) -> None:
    assert Client().post(SIGN_IN, {**WORDS, "next": wanted})["Location"] == "/"


def test_a_wrong_password_says_so_and_signs_nobody_in(bob: User) -> None:
    client = Client()
    refused = client.post(SIGN_IN, {**WORDS, "password": "wrong"})
    assert refused.status_code == 422
    assert "correct username and password" in refused.content.decode()
    assert "_auth_user_id" not in client.session


def test_guessing_is_stopped_for_that_name_and_address_only(alice: User, bob: User) -> None:
    for _ in range(throttle.ATTEMPTS):
        Client().post(SIGN_IN, {**WORDS, "password": "wrong"})
    blocked = Client().post(SIGN_IN, WORDS)
    assert blocked.status_code == 422
    assert "Too many wrong passwords" in blocked.content.decode()
    assert Client(REMOTE_ADDR="10.0.0.9").post(SIGN_IN, WORDS).status_code == 303
    others = {"username": "alice", "password": "a long enough word"}
    assert Client().post(SIGN_IN, others).status_code == 303


def test_a_right_password_forgets_the_wrong_ones(bob: User) -> None:
    for _ in range(2):
        for _ in range(throttle.ATTEMPTS - 1):
            Client().post(SIGN_IN, {**WORDS, "password": "wrong"})
        assert Client().post(SIGN_IN, WORDS).status_code == 303


def test_the_admin_uses_the_same_door(alice: User, bob: User) -> None:
    asked = Client().get("/admin/", follow=True)
    assert unquote(asked.redirect_chain[-1][0]) == f"{SIGN_IN}?next=/admin/"
    member = Client()
    member.force_login(bob)  # may not: is told so, not sent in circles
    told = member.get("/admin/", follow=True)
    assert told.status_code == 200
    assert "signed in as bob" in told.content.decode()


def test_signing_out_takes_a_post(bob: User) -> None:
    client = Client()
    client.force_login(bob)
    assert client.get("/accounts/sign-out/").status_code == 405
    assert "_auth_user_id" in client.session
    assert client.post("/accounts/sign-out/").status_code == 303
    assert "_auth_user_id" not in client.session


def test_forms_without_our_cookie_are_refused(bob: User) -> None:
    client = Client(enforce_csrf_checks=True)
    for address in (SIGN_IN, "/accounts/link/", "/accounts/sign-out/"):
        assert client.post(address, WORDS).status_code == 403


def test_settings_are_for_who_is_signed_in(db: None) -> None:
    sent = Client().get("/settings/")
    assert (sent.status_code, sent["Location"]) == (302, f"{SIGN_IN}?next=/settings/")


def test_settings_are_kept(bob: User) -> None:
    client = Client()
    client.force_login(bob)
    page = client.get("/settings/").content.decode()
    assert '<option value="Europe/Paris">' in page
    saved = client.post("/settings/", {"time_zone": "Europe/Paris", "day_start": "3", "language": "en"})
    assert (saved.status_code, saved["Location"]) == (303, "/settings/")
    bob.refresh_from_db()
    assert (bob.time_zone, bob.day_start, bob.language) == ("Europe/Paris", 3, "en")
    assert "Your settings are saved." in client.get("/settings/").content.decode()


@pytest.mark.parametrize(
    ("field", "value", "told"),
    [
        ("time_zone", "Mars/Olympus", "is not a time zone"),
        ("day_start", "24", "24 is not one of the available choices"),
        ("language", "tlh", "tlh is not one of the available choices"),
    ],
)
def test_bad_settings_say_what_is_wrong_and_change_nothing(
    bob: User, field: str, value: str, told: str
) -> None:
    client = Client()
    client.force_login(bob)
    sent = {"time_zone": "Europe/Paris", "day_start": "3", "language": "en", field: value}
    refused = client.post("/settings/", sent)
    assert refused.status_code == 422
    assert told in refused.content.decode()
    unchanged = User.objects.get(pk=bob.pk)
    assert (unchanged.time_zone, unchanged.day_start, unchanged.language) == ("", 4, "")


def test_people_in_the_admin(alice: User, bob: User) -> None:
    client = Client()
    client.force_login(alice)
    assert "bob" in client.get("/admin/accounts/user/", {"q": "bob"}).content.decode()
    page = client.get(f"/admin/accounts/user/{bob.pk}/change/").content.decode()
    assert 'name="time_zone"' in page
    assert client.get("/admin/accounts/user/add/").status_code == 200
    assert client.post(f"/admin/accounts/user/{bob.pk}/delete/", {"post": "yes"}).status_code == 403
    assert User.objects.filter(pk=bob.pk).exists()
