"""What is kept of an account: given out, and erased."""
