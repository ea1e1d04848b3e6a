"""Documents over HTTP: uploads of families, and downloads for them and for case workers."""
