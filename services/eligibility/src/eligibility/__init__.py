"""Decides by the rules of the responsible school authority.

hears  application.submitted, application.withdrawn
says   eligibility.granted, eligibility.refused, eligibility.review_opened, eligibility.withdrawn
owns   authorities, rule sets, schools, addresses, the walking network, cases, decisions, notices
never  knows a key or a wallet
"""
