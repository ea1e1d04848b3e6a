"""What an authority adds to the form of an application, as it writes it."""
