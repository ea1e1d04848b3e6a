"""The walking network: read from OpenStreetMap, assembled, kept in a file and mapped into memory."""
