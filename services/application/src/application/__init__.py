"""Takes the family's application and tells how it stands."""
