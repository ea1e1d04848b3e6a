"""What a case worker sees and does."""
