"""Tickets, terms and verdicts. Pure."""
