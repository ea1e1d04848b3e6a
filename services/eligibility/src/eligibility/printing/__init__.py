"""Notices as PDF and as pages, made of what a notice says."""
