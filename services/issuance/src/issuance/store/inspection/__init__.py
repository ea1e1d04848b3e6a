"""Tables of the public process."""
