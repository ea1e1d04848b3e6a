"""Signs tickets and publishes what a scanner needs offline. Two processes, each with a contract of its own.

The signer, which holds the keys:
hears  application.holder_given, withdrawn, loss_reported, family_erased, audit_head; eligibility.granted, refused,
       withdrawn, ticket_change_requested, audit_head; issuance.revocation_requested, change_requested, audit_head;
       pass.audit_head
says   ticket.issued, renewed, replaced, suspended, restored, revoked, end_changed, state_changed, request_answered,
       quota_reached; issuance.trust_list_published, status_list_published, issued_list_published, audit_heads_signed
owns   tickets, signing keys, trust, status and issued lists
never  asks whether the child is entitled

The API, which answers the public network:
hears  application.family_erased; ticket.state_changed, request_answered; issuance.trust_list_published,
       status_list_published, issued_list_published, audit_heads_signed
says   issuance.revocation_requested, change_requested, audit_head
owns   inspections, and what operators ask of tickets
never  holds a key, a name or a code
"""
