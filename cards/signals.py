"""What cards tell whoever listens above; cards itself does not know who does."""

from django.dispatch import Signal

# Cards were retired, revived or moved to another deck. Argument: cards, a collection of ids.
cards_changed = Signal()

# Positions in a deck changed. Arguments: deck_id, lowest: the first position that did.
cards_placed = Signal()
