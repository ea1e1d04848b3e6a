"""Hints by e-mail: whose address is right, what is told there, and what follows where it does not arrive."""
