"""What was done, on record: acts in chains, with salted digests of the rows that they wrote.

`trail` writes, `verify` checks, `begin` takes over what was there before, `commands` is `SERVICE audit`.
"""
