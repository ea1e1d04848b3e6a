"""What a code is worth: trust and the verifier, with which both processes check."""
