"""How earlier engines read the law, worked it out and said it (`rules/engines.py`): for decisions of rule sets that were
published then. Whoever reads the law of today need not read this."""
