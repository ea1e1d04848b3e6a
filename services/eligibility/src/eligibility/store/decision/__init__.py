"""Tables of cases, children and decisions, and what is looked up before deciding."""
