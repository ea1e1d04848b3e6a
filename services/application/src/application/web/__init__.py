"""The families' pages."""
