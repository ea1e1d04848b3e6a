"""Codes for people without an account, letters that bring them, and links that only look."""
