"""Takes the family's application and tells how it stands.

hears  eligibility.*, ticket.*, pass.*: news for the family's timeline, never acted on
says   application.submitted, changed, withdrawn, holder_given, document_added, document_removed, self_payer_chosen,
       audit_head
owns   applications and their timelines; a read-only directory of schools and authorities
never  decides
"""
