"""Tables of the signer."""
