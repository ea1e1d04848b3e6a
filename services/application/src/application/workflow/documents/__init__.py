"""What happens to documents that families hand in, and to the record of who opened them."""
