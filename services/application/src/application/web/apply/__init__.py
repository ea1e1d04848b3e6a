"""An application on a phone: which questions matter for this child, what was typed, what is read back. Pure."""
