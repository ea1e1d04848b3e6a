"""What the law says of the kind of transport, of escorts, and of allowances by the kilometre."""

from eligibility.rules import texts
from eligibility.rules.law.texts import Said

# Escort

NO_ESCORT_YET = (
    "Für eine Begleitperson wird nichts übernommen, solange nicht nachgewiesen ist, dass sie nötig ist. "
    "Bitte reichen Sie dazu das Attest ein; dann entscheiden wir darüber.",
    "Nothing is borne for an escort until it is shown that one is needed. "
    "Please hand in the medical certificate; then we decide on it.",
)


def escort(fare_cents: int | None) -> Said:
    """Of an escort that is needed: its fare, where it is known."""
    german, english = ("noch nicht bekannt", "not known yet") if fare_cents is None else texts.euros(fare_cents)
    return (
        f"Für die nötige Begleitperson werden die Fahrkosten übernommen ({german}), kein Lohn.",
        f"For the escort that is needed the fare is borne ({english}), no wage.",
    )


# Public transport

NO_PUBLIC_TRANSPORT = (
    "Auf diesem Weg fahren keine öffentlichen Verkehrsmittel.",
    "There is no public transport on this way.",
)
PUBLIC_UNSUITABLE = (
    "Öffentliche Verkehrsmittel sind wegen einer Behinderung oder Krankheit nachweislich nicht zumutbar.",
    "Public transport is not reasonable because of a disability or illness, which was proven.",
)
IS_PUBLIC_REASONABLE = (
    "Gibt es öffentliche Verkehrsmittel, und sind sie zumutbar (Fußweg zur Haltestelle, Dauer, Abfahrt, Wartezeit)?",
    "Is there public transport, and is it reasonable (walk to the stop, duration, departure, waiting)?",
)
PUBLIC_IS_REASONABLE = (
    "Öffentliche Verkehrsmittel sind zumutbar; ein anderes Verkehrsmittel wird daher nicht bezahlt.",
    "Public transport is reasonable; another kind is therefore not paid for.",
)
PUBLIC_FIRST = (
    "Der Schulträger wählt die Beförderung; öffentliche Verkehrsmittel gehen in der Regel vor.",
    "The authority chooses the transport; public transport normally goes first.",
)


def long_walk(metres: float, most_metres: int) -> Said:
    """Of the walks to and from the stops."""
    (german, english), (most_german, most_english) = texts.metres(metres, most_metres), texts.limit(most_metres)
    return (
        f"Die Fußwege zu und von den Haltestellen sind zusammen {german} lang; zumutbar sind {most_german}.",
        f"The walks to and from the stops are {english} together; {most_english} are reasonable.",
    )


def long_day(minutes: int, most: int) -> Said:
    """Of the way there and back."""
    return (
        f"Hin- und Rückweg dauern zusammen {minutes} Minuten; zumutbar sind {most}.",
        f"There and back take {minutes} minutes; {most} are reasonable.",
    )


def long_way(minutes: int, most: int) -> Said:
    """Of one way, at primary level."""
    return (
        f"Der einfache Weg dauert {minutes} Minuten; in der Primarstufe sollen es höchstens {most} sein.",
        f"One way takes {minutes} minutes; at primary level it should be at most {most}.",
    )


def long_wait(minutes: int, most: int) -> Said:
    """Of the wait, at primary level."""
    return (
        f"Die Wartezeit beträgt {minutes} Minuten; in der Primarstufe sollen es höchstens {most} sein.",
        f"The wait is {minutes} minutes; at primary level it should be at most {most}.",
    )


def early_start(leaves: str, before: str) -> Said:
    """Of the time at which home must be left."""
    return (
        f"Die Wohnung muss überwiegend schon um {leaves} Uhr verlassen werden, also vor {before} Uhr.",
        f"On most days home must be left at {leaves}, which is before {before}.",
    )


# Other kinds

WHICH_TRANSPORT = (
    "Welches Verkehrsmittel ist zumutbar und am wirtschaftlichsten?",
    "Which kind of transport is reasonable, and costs least?",
)
IS_THERE_A_BUS = (
    "Fährt auf diesem Schulweg ein Schulbus des Schulträgers?",
    "Does the authority run a school bus on this way?",
)
SHALL_THERE_BE_A_BUS = (
    "Richtet der Schulträger einen Schülerspezialverkehr ein?",
    "Will the authority set up a school bus?",
)
BY_SCHOOL_BUS = (
    "Befördert wird mit dem Schulbus des Schulträgers.",
    "The authority's own school bus carries the pupil.",
)
HOW_MANY_KILOMETRES = (
    "Wie viele Kilometer und Schultage im Monat werden gefahren, und wer fährt mit?",
    "How many kilometres and school days a month are driven, and who rides along?",
)
VEHICLES = {
    "car": ("einen Pkw", "a car"),
    "motorcycle": ("ein anderes Kraftfahrzeug", "another motor vehicle"),
    "bicycle": ("ein Fahrrad", "a bicycle"),
    "taxi": ("ein Taxi", "a taxi"),
}


def is_actual_cost_borne(kind: str) -> Said:
    """Of a vehicle that is not paid by the kilometre."""
    german, english = VEHICLES.get(kind, VEHICLES["taxi"])
    return (
        f"Sollen ausnahmsweise die tatsächlichen Kosten für {german} übernommen werden?",
        f"Should the actual cost of {english} be borne by way of exception?",
    )


def allowance(kind: str, kilometre_cents: int, rides: int, cents: int) -> Said:
    """What is paid by the kilometre, and a month.

    Args:
        rides: of a month.
    """
    german, english = VEHICLES.get(kind, VEHICLES["taxi"])
    (rate_german, rate_english), (sum_german, sum_english) = texts.euros(kilometre_cents), texts.euros(cents)
    return (
        f"Für {german} werden {rate_german} je Kilometer gezahlt, bei {rides} Fahrten im Monat {sum_german}.",
        f"For {english} {rate_english} a kilometre are paid, which is {sum_english} for {rides} rides a month.",
    )
