"""Where the local run's mails go: a server that keeps them, and a page on which they are read. Nothing leaves."""
