"""Anki: our notes as its packages. `export.write_package` is the door."""
