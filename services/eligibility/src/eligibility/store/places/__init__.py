"""Tables of schools, addresses, entrances, doors and hazards, and how they are imported and searched."""
