"""Passes for Google Wallet: the documents, the save link, and the REST interface that takes the documents."""
