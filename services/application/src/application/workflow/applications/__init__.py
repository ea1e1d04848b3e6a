"""What happens to an application: handed in, changed, withdrawn, its offered ticket ordered."""
