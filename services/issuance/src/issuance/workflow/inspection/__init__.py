"""What the public process does: verify, answer scanners, keep scan logs, find copies."""
