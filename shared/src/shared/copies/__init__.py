"""Several copies of one process at one database: which of them does what only one may do."""
