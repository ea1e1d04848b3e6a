"""One machine, one command: starts the services as processes and shows the whole journey."""
