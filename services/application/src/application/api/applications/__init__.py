"""Applications over HTTP: handed in, read, changed, withdrawn; and what a family reads of them."""
