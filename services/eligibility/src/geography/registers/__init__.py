"""Readers of registers: schools, addresses, entrances, places that an authority keeps itself."""
