"""What the law says of the cost: what the authority bears, and whether anything is left to bear."""

from eligibility.rules import texts
from eligibility.rules.law.texts import Said

TICKETS_ONLY = (
    "Ein Eigenanteil ist nur für Tickets zu zahlen, die über den Schulweg hinaus gelten.",
    "An own share is paid only for tickets that are valid beyond the way to school.",
)
FARE_TO_NEAREST_UNKNOWN = (
    "Übernommen werden höchstens die Kosten des Weges zur nächstgelegenen Schule; wie hoch sie wären, ist noch nicht bekannt.",
    "At most the cost of travel to the nearest school is borne; how high it would be is not known yet.",
)
BOUND_IN_DOUBT = (
    "Ob die Kosten auf die des Weges zur näheren Schule begrenzt sind, ist noch offen: Es wird geltend gemacht, dass sie nicht die nächstgelegene ist.",
    "Whether the cost is bounded by that of the way to the nearer school is open: it is claimed not to be the nearest.",
)
VEHICLE_TO_NEAREST = (
    "Was würde die Beförderung mit diesem Fahrzeug zur nächstgelegenen Schule kosten?",
    "What would the carriage by this vehicle to the nearest school cost?",
)
NOTHING_TO_BEAR = (
    "Es entstehen keine Fahrkosten, die übernommen werden könnten.",
    "There are no travel costs that could be borne.",
)
WHAT_BESIDE_THE_TICKET = (
    "Für ein Ticket entstehen keine Fahrkosten. Was ist stattdessen oder daneben zu übernehmen (Fahrzeug, Begleitung, Heimfahrten, anderer Weg)?",
    "A ticket costs nothing. What is to be borne instead or beside it (vehicle, escort, trips home, another way)?",
)


def at_most_to_nearest(cents: int) -> Said:
    """The fare to the nearest school bounds what is borne."""
    german, english = texts.euros(cents)
    return (
        f"Übernommen werden höchstens die Kosten des Weges zur nächstgelegenen Schule: {german} im Monat.",
        f"At most the cost of travel to the nearest school is borne: {english} a month.",
    )


def at_most(cents: int) -> Said:
    """The cap."""
    german, english = texts.euros(cents)
    return f"Übernommen werden höchstens {german} im Monat.", f"At most {english} a month are borne."
