"""The law: one file for each question that the SchfkVO answers."""
