"""What a scanner needs offline beside certificates: the trust list and the status lists. Pure: bytes in, facts out."""
