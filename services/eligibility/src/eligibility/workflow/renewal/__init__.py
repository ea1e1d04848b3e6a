"""The change of the school year."""
