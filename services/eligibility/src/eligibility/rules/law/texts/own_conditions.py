"""What is asked of an authority's own conditions. What they say themselves stands in its rule set."""

from eligibility.rules.law.texts import Said


def is_something_missing(condition: Said) -> Said:
    """Of a condition that depends on what is not known."""
    return (
        f"Für eine Regel des Schulträgers fehlt eine Angabe: {condition[0]}",
        f"For a rule of this authority's own something is missing: {condition[1]}",
    )
