"""Tools for acceptance tests: specimens, vectors, trials. Nothing imports them but commands."""
