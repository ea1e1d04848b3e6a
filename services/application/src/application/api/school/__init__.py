"""What schools do by the API."""
