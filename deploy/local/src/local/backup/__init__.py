"""Copies of all databases while the system runs, and how one is put back: `local backup`, `local restore`.

Not in a copy, and to be kept apart from it, once after each key ceremony: `keys/` (the signing keys and what opens
them, the keys of numbers, links, digests and sessions), `nats/*.nk` and `nats/store-key.conf`. Who has both has
everything. A restore writes over none of them.
"""
