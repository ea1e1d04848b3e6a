"""Own tables, and the outbox row, in one transaction: the signer's and the API's, two databases."""
