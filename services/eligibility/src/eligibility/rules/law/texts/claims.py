"""What the law says of claims: grounds whatever the length of the way."""

from shared.errors import Text

from eligibility.rules import texts
from eligibility.rules.law.texts import Said

# Health

HOW_MANY_WEEKS = (
    "Wie lange (in Wochen) ist das Kind aus gesundheitlichen Gründen auf ein Verkehrsmittel angewiesen?",
    "For how long (in weeks) does the child need transport for health reasons?",
)
IS_IT_CERTIFIED = (
    "Belegt ein ärztliches Attest, dass und wie lange das Kind auf ein Verkehrsmittel angewiesen ist?",
    "Does a medical certificate confirm that the child needs transport, and for how long?",
)
DISABILITY = Text("eine Schwerbehinderung", "a severe disability")
SPECIAL_NEEDS = Text("ein sonderpädagogischer Förderbedarf", "special educational needs")
ESCORT = Text("eine nötige Begleitperson", "the need of an escort")
NO_PUBLIC_TRANSPORT = Text("dass Bus und Bahn nicht möglich sind", "that public transport is impossible")


def too_few_weeks(weeks: float, least: int) -> Said:
    """Health reasons that do not last long enough.

    Args:
        least: weeks that are too few.
    """
    german, english = texts.weeks(weeks)
    return (
        f"Die gesundheitlichen Gründe bestehen für {german} Wochen; nötig sind mehr als {least} Wochen.",
        f"The health reasons last for {english} weeks; more than {least} weeks are needed.",
    )


def enough_weeks(weeks: float, least: int) -> Said:
    """Health reasons that are proven, and last long enough.

    Args:
        least: weeks that are too few.
    """
    german, english = texts.weeks(weeks)
    return (
        f"Nach ärztlichem Attest ist für {german} Wochen, also länger als {least} Wochen, auf dem Schulweg ein Verkehrsmittel nötig.",
        f"By medical certificate, transport is needed on the way to school for {english} weeks, which is longer than {least} weeks.",
    )


def all_hints(hints: list[Text]) -> Said:
    """What was said, in one line."""
    return ", ".join(each.de for each in hints), ", ".join(each.en for each in hints)


def is_transport_needed(hints: Said, least: int | None) -> Said:
    """Of hints at an illness that nobody named.

    Args:
        least: weeks that are too few.
    """
    longer = ("", "") if least is None else (f"für mehr als {least} Wochen ", f" for more than {least} weeks")
    return (
        f"Angegeben ist: {hints[0]}. Ist das Kind deshalb {longer[0]}auf ein Verkehrsmittel angewiesen (ärztliches Attest oder Bescheid)?",
        f"It is said: {hints[1]}. Does the child therefore need transport{longer[1]} (medical certificate or official letter)?",
    )


# The way

IS_IT_DANGEROUS = (
    "Ist der Schulweg besonders gefährlich oder nach den örtlichen Verhältnissen ungeeignet, und wie lang ist der sichere Weg?",
    "Is the way to school particularly dangerous or locally unsuitable, and how long is the safe way?",
)
SAFE_WAY_LONGER = Text(
    "Der Weg, der die Gefahrenstelle meidet, ist {way} lang und damit länger als {limit}.",
    "The way that avoids the danger is {way} long, which is more than {limit}.",
)
SAFE_WAY_NOT_LONGER = Text(
    "Es gibt einen Weg, der die Gefahrenstelle meidet: Er ist {way} lang und damit nicht länger als {limit}.",
    "There is a way that avoids the danger: it is {way} long, which is not more than {limit}.",
)

# The school

DID_NEAREST_REFUSE = (
    "Hat die nächstgelegene Schule die Aufnahme abgelehnt (Ablehnungsbescheid), und ist die besuchte dann die nächstgelegene?",
    "Did the nearest school refuse admission (letter of refusal), and is the school attended then the nearest one?",
)
IS_IT_ASSIGNED = (
    "Hat die Schulaufsicht diese Schule als Förderort benannt (Bescheid)?",
    "Did the school supervision name this school as the place of support (letter)?",
)
IS_IT_FOR_A_BRANCH = (
    "Besucht das Kind diese Schule wegen eines Bildungswegs, den die nähere Schule nicht anbietet (zum Beispiel bilingual, oder beim Eintritt in die Oberstufe)?",
    "Does the child attend this school for a branch that the nearer school does not offer (bilingual for example, or on entering the Oberstufe)?",
)

# The home

FROM_WHICH_HOME = (
    "Das Kind lebt auch in einer zweiten Wohnung. Von welcher Wohnung ist der Schulweg zu messen?",
    "The child also lives in a second home. From which home is the way to school to be measured?",
)
WHICH_TRIPS_HOME = (
    "Das Kind lebt während der Woche im Internat: Welche Familienheimfahrten werden statt täglicher Fahrten übernommen?",
    "The child lives at a boarding school in the week: which trips home are borne in place of daily ones?",
)
