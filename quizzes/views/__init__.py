"""Pages that show a learner's state."""
