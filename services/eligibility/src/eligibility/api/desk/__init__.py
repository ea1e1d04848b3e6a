"""Cases as a person works on them, over HTTP: look, take, ask, decide, release, notices, documents."""
