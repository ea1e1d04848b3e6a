"""Rule sets and their simulations, over HTTP."""
