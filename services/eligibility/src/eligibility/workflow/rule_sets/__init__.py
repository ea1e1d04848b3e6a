"""Rule sets at the desk: drafted, tried, simulated, published by a second person."""
