"""The static entitlement of VDV-KA ("statische Berechtigung"): encode, and parse with a reason for every refusal.

Byte facts: docs/sources/vdv.md; section numbers in this package point there. All integers
are big-endian and unsigned. Nothing here knows a private key: signing takes a function that does the raw operation.
"""
