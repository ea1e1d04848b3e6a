"""From what a person typed to an address."""
