"""The top of the house: settings, addresses and the commands that run the whole."""
