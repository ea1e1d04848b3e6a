"""Passes for Apple Wallet and every app that reads .pkpass files."""
