"""What a notice says: content, wording, legal remedies, deadlines. Pure."""
