"""What the law says of the own share."""

from datetime import date

from eligibility.rules import texts
from eligibility.rules.law.texts import Said

WHEN_BORN = (
    "Wann ist das Kind geboren? Davon hängt ab, als wievieltes Kind es beim Eigenanteil zählt.",
    "When was the child born? Its place among the siblings decides the own share.",
)
WHICH_TWIN_FIRST = (
    "Welches der am selben Tag geborenen Kinder zählt beim Eigenanteil zuerst?",
    "Which of the children born on the same day counts first for the own share?",
)


def has_sibling_a_ticket(born: Said) -> Said:
    """Of siblings of whom nobody has said whether they have a funded ticket."""
    return (
        f"Hat das Geschwisterkind (geboren {born[0]}) selbst ein gefördertes Ticket? Davon hängt der Eigenanteil ab.",
        f"Does the sibling (born {born[1]}) have a funded ticket itself? The own share depends on it.",
    )


def free_by(benefit: str) -> Said:
    """Of a benefit by which no own share is paid."""
    german, english = texts.BENEFITS.get(benefit, (benefit, benefit))
    return (
        f"Weil Ihre Familie {german} erhält, zahlen Sie keinen Eigenanteil.",
        f"Because your family receives {english}, you pay no own share.",
    )


def share(rank: int, cents: int) -> Said:
    """What is paid a month, and as which child of the family; of the first that is not said."""
    german, english = texts.euros(cents)
    if rank == 0:
        return f"Der Eigenanteil beträgt {german} im Monat.", f"The own share is {english} a month."
    return (
        f"Der Eigenanteil beträgt {german} im Monat ({rank + 1}. Kind mit gefördertem Ticket).",
        f"The own share is {english} a month (child no. {rank + 1} with a funded ticket).",
    )


def by_new_order(day: date, cents: int) -> Said:
    """From a day on, by the order of the children."""
    (german, english), (day_german, day_english) = texts.euros(cents), texts.day(day)
    return (
        f"Ab dem {day_german} beträgt er {german} im Monat, weil sich die Reihenfolge der Kinder mit gefördertem Ticket ändert.",
        f"From {day_english} it is {english} a month, because the order of the children with a funded ticket changes.",
    )


def no_longer_exempt(day: date, cents: int) -> Said:
    """From a day on, for the exemption is proven until then."""
    (german, english), (day_german, day_english) = texts.euros(cents), texts.day(day)
    return (
        f"Ab dem {day_german} beträgt er {german} im Monat: So lange ist der Grund für die Befreiung nachgewiesen.",
        f"From {day_english} it is {english} a month: until then the reason for the exemption is proven.",
    )


def exempt_from(day: date, exemption: Said) -> Said:
    """From a day on nothing is paid."""
    german, english = texts.day(day)
    return f"Ab dem {german}: {exemption[0]}", f"From {english}: {exemption[1]}"
