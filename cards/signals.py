"""What cards tell whoever listens above; cards itself does not know who does."""

from django.dispatch import Signal

# Cards were retired, revived, moved to another deck or put to another use. Argument: cards, their ids.
cards_changed = Signal()

# Positions in a deck changed. Arguments: deck_id, lowest: the first position that did.
cards_placed = Signal()
