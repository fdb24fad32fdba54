"""Who must sign in first comes back to the page he was on."""

import pytest
from django.test import Client

SITE = "http://testserver"
PAGE = "/decks/water/?page=2"
BACK = "/accounts/sign-in/?next=/decks/water/%3Fpage%3D2"


def test_a_form_leads_back_to_its_page(db: None) -> None:
    sent = Client().post("/enroll/", headers={"Referer": f"{SITE}{PAGE}"})
    assert (sent.status_code, sent["Location"]) == (302, BACK)


def test_htmx_leads_the_whole_page_away_and_back(db: None) -> None:
    headers = {"HX-Request": "true", "HX-Current-URL": f"{SITE}{PAGE}"}
    sent = Client().post("/study/answer/", headers=headers)
    assert (sent.status_code, sent["HX-Redirect"]) == (200, BACK)


@pytest.mark.parametrize("referer", ["", "https://elsewhere.example/decks/", "javascript:alert(1)"])
def test_a_page_of_others_is_not_gone_back_to(db: None, referer: str) -> None:
    sent = Client().post("/enroll/", headers={"Referer": referer})
    assert sent["Location"] == "/accounts/sign-in/?next=/enroll/"


def test_a_page_is_its_own_way_back(db: None) -> None:
    asked = Client().get("/settings/", headers={"Referer": f"{SITE}{PAGE}"})
    assert asked["Location"] == "/accounts/sign-in/?next=/settings/"
