"""Siblings: their own shares follow each other."""
