"""Pages about what there is to know; nothing here depends on who learns it."""
