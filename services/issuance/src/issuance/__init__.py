"""Signs tickets and publishes what a scanner needs offline. Two processes: the signer (holds the keys) and the API.

Hears: application.holder_given / withdrawn, eligibility.granted / refused / withdrawn, issuance.revocation_requested.
Says: ticket.issued / revoked, issuance.trust_list_published / status_list_published. Owns: tickets, signing keys,
trust list, status lists, inspections. Never: asks whether the child is entitled; lets the API near a key.
"""
