"""What only the public process has: the scanner's live lists."""
