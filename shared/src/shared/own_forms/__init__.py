"""What both sides do with the form of an authority: the side that checks it, and the side that asks by it. Pure."""
