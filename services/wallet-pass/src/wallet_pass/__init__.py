"""Makes wallet passes out of signed tickets."""
