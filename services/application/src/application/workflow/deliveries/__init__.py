"""How notices reach the family, as eligibility tells it; and the family's own retrieval."""
