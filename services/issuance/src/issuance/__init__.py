"""Signs tickets and publishes what a scanner needs offline."""
