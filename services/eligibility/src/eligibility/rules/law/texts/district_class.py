"""What the law says of the cost in a district class (Bezirksfachklasse)."""

from eligibility.rules import texts
from eligibility.rules.law.texts import Said

HOW_HIGH_IS_THE_SHARE = "Wie hoch ist der Eigenanteil?", "How high is the own share?"
HOW_HIGH_IS_THE_FARE = (
    "Wie hoch sind die Fahrkosten im Monat? Übernommen wird nur, was den Eigenanteil übersteigt.",
    "How high are the travel costs a month? Only what exceeds the own share is borne.",
)


def is_it_exempt(benefit: str) -> Said:
    """Of a family that receives a benefit by which others pay no own share."""
    return (
        f"Die Familie erhält {benefit}: Entfällt deshalb auch der Eigenanteil in der Bezirksfachklasse?",
        f"The family receives {benefit}: is no own share paid in a district class either?",
    )


def share(cents: int, at_most_cents: int) -> Said:
    """The own share, and what is borne beyond it."""
    (german, english), (most_german, most_english) = texts.euros(cents), texts.euros(at_most_cents)
    return (
        f"In Bezirksfachklassen beträgt der Eigenanteil {german} im Monat; darüber hinaus werden höchstens {most_german} übernommen.",
        f"In district classes the own share is {english} a month; beyond it at most {most_english} are borne.",
    )


def not_above(share_cents: int) -> Said:
    """The fare does not exceed the own share."""
    german, english = texts.euros(share_cents)
    return (
        f"Die Fahrkosten übersteigen den Eigenanteil von {german} im Monat nicht.",
        f"The travel costs do not exceed the own share of {english} a month.",
    )
