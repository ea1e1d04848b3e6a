"""Tables of the authorities' rule sets."""
