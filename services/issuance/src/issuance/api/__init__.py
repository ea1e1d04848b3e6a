"""HTTP of the public process: verifications, lists, requests, scan logs, pages."""
