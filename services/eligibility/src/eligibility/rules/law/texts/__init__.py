"""What the law says, German and English beside one another: a file for each file of the law.

A constant, or a function where a figure or name stands in the sentence; each is a pair that goes on into a finding of
`rules.findings`. Pairs and not `Text`: a decision makes a dozen of them, and must not wait for its words. What earlier
engines said lies in `rules/law/before`.
"""

Said = tuple[str, str]
"""German and English."""
