"""Headers of answers: what may be kept on the way, and what a pass is called."""

PKPASS = "application/vnd.apple.pkpass"
PKPASSES = "application/vnd.apple.pkpasses"
PRIVATE = {"Cache-Control": "no-store"}
"""Passes are personal: no cache on the way may keep them."""
PUBLIC = {"Cache-Control": "public, max-age=3600"}
