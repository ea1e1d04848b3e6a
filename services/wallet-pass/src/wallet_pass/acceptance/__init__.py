"""Tools for acceptance tests: specimen passes. Nothing imports them but commands."""
