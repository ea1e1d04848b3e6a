"""The demo's identity provider, which refuses to run outside loopback."""
