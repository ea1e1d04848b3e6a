"""Applications that are being written: begin, save, come back, hand in."""
