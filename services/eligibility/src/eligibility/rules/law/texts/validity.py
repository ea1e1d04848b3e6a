"""What the law says of the days of a grant."""

from datetime import date

from eligibility.rules import texts
from eligibility.rules.law.texts import Said

FROM_WHICH_DAY = (
    "Ab welchem Tag des Schuljahres wird das Ticket gewünscht?",
    "From which day of the school year is the ticket wanted?",
)


def period(first: date, last: date) -> Said:
    """From when to when it is granted."""
    (from_german, from_english), (to_german, to_english) = texts.day(first), texts.day(last)
    return (
        f"Die Bewilligung gilt vom {from_german} bis zum {to_german}.",
        f"The grant holds from {from_english} until {to_english}.",
    )
