"""A reader of codes and lists, written from services/issuance/FORMAT.md alone; shares no code with the project."""
