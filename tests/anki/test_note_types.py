"""The promises of our note types: what Anki compares for ever."""

import json
from hashlib import sha256
from typing import Any

import pytest
from anki.collection import Collection

from cards.anki import note_types
from cards.models import Deck

from .conftest import Bring

SHARED = {
    "Extra": 3,
    "Options": 4,
    "Source quote": 5,
    "Source title": 6,
    "Source link": 7,
    "Reserved 1": 8,
    "Reserved 2": 9,
}
FIELDS = {
    1593417204100: {"Front": 1, "Back": 2, **SHARED},
    1593417204200: {"Front": 1, "Back": 2, "Reverse front": 10, "Reverse back": 11, **SHARED},
    1593417204300: {"Text": 1, "Back": 2, **SHARED},
    1593417204400: {"Front": 1, "Back": 2, **SHARED},
}
TEMPLATES = {
    1593417204100: {"Card 1": 51},
    1593417204200: {"Card 1": 51, "Card 2": 52},
    1593417204300: {"Cloze": 51},
    1593417204400: {"Card 1": 51},
}


def our_types(anki: Collection) -> dict[int, dict[str, Any]]:
    return {kept["id"]: kept for kept in anki.models.all() if kept["name"].startswith("Recite")}


@pytest.mark.django_db
def test_ids_of_types_fields_and_templates_are_kept_by_anki(
    cells: Deck, anki: Collection, bring: Bring
) -> None:
    bring(cells)
    kept = our_types(anki)
    assert {number: {f["name"]: f["id"] - number for f in t["flds"]} for number, t in kept.items()} == FIELDS
    assert {
        number: {t["name"]: t["id"] - number for t in k["tmpls"]} for number, k in kept.items()
    } == TEMPLATES
    assert [list(FIELDS[number]) for number in FIELDS] == [
        [f["name"] for f in kept[n]["flds"]] for n in FIELDS
    ]
    assert {kept["mod"] for kept in kept.values()} == {note_types.CHANGED_AT}


def test_a_new_look_has_a_new_time() -> None:
    """Anki takes new templates and css only when the type's time has moved: move CHANGED_AT, then this."""
    look = [
        [model.name, [(t["qfmt"], t["afmt"]) for t in model.templates], model.css]
        for model in note_types.BY_KIND.values()
    ]
    digest = sha256(json.dumps(look, sort_keys=True).encode()).hexdigest()[:16]
    assert (note_types.CHANGED_AT, digest) == (1_763_800_000, "a3d143d33bbbc8fc")


def test_cards_need_no_script_and_nothing_from_elsewhere() -> None:
    for model in note_types.BY_KIND.values():
        whole = json.dumps([model.templates, model.css]).lower()
        for word in ("<script", "javascript", "http:", "https:", "@import", "url("):
            assert word not in whole
