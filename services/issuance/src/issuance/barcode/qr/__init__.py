"""The signed QR code: `S1:` + base45(COSE_Sign1 over CWT claims), one string per ticket, or refused.

A pure codec: signing and checking take functions from outside. The longest ticket with name and birth date fits
version 9 at level M (262 characters in alphanumeric mode), which phones read from a moving tram.
"""
