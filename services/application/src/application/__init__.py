"""Takes the family's application and tells how it stands.

hears  eligibility.*, ticket.*, pass.*: news for the family's timeline, never acted on
says   application.submitted, application.holder_given, application.withdrawn
owns   applications and their timelines; a read-only directory of schools and authorities
never  decides
"""
