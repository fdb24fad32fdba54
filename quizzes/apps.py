from typing import Any

from django.apps import AppConfig


class QuizzesConfig(AppConfig):
    name = "quizzes"

    def ready(self) -> None:
        from cards.signals import cards_changed, cards_placed

        cards_changed.connect(_on_cards_changed)
        cards_placed.connect(_on_cards_placed)


def _on_cards_changed(cards: list[int], **_: Any) -> None:
    from .following import follow_cards

    follow_cards(cards)


def _on_cards_placed(deck_id: int, lowest: int, **_: Any) -> None:
    from .following import follow_positions

    follow_positions(deck_id, lowest)
