"""Who is here: the user, how he signs in, and where his day begins."""
