"""What things are here, and what is allowed. Pure."""
