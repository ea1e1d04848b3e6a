"""Signs tickets and publishes what a scanner needs offline. Two processes: the signer (holds the keys) and the API.

Hears: application.holder_given / withdrawn, eligibility.granted / refused / withdrawn, issuance.revocation_requested /
change_requested, *.audit_head. Says: ticket.issued / renewed / replaced / suspended / restored / revoked /
quota_reached, issuance.*_published, audit_heads_signed.
Owns: tickets, signing keys, trust and status lists, inspections. Never: asks whether the child is entitled; lets the
API near a key.
"""
