"""The two barcodes of a ticket as pure codecs: bytes in, facts out, and back. No keys, no clock, no files."""
