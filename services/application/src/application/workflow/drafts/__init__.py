"""What happens to an application while it is being written, until it is handed in or deleted."""
