"""Grounds whatever the length of the way, looked at only where the distance does not suffice."""

from shared.errors import Text

from eligibility.rules import texts
from eligibility.rules.facts import Facts
from eligibility.rules.findings import Finding, compared, met, not_met, question
from eligibility.rules.law.teaching import afternoon_lessons, place_of_teaching
from eligibility.rules.law.way import counts_as_nearest, nearest_metres
from eligibility.rules.rule_set.rule_set import Law


def grounds(facts: Facts, law: Law, limit_metres: int | None) -> list[Finding]:
    """What else the family puts forward, in the order of the law."""
    found = (
        nearest_refused(facts, law, limit_metres),
        assigned_place(facts, law, limit_metres),
        afternoon_lessons(facts, law, limit_metres, nearest_metres(facts, law)),
        health(facts, law),
        dangerous_route(facts, law, limit_metres),
        place_of_teaching(facts, law, limit_metres),
        second_home(facts, law),
        *boarding(facts, law),
    )
    return [each for each in found if each is not None]


def health(facts: Facts, law: Law) -> Finding | None:
    """NRW § 6 Abs. 1 SchfkVO: for longer than eight weeks, proven as a rule by a medical certificate."""
    if facts.health is None:
        return None
    basis, least = law.basis("claims.health_weeks"), law.number("claims.health_weeks")
    lasting = facts.health.weeks
    if lasting is None:
        return question(
            "health", basis,
            "Wie lange (in Wochen) ist das Kind aus gesundheitlichen Gründen auf ein Verkehrsmittel angewiesen?",
            "For how long (in weeks) does the child need transport for health reasons?",
        )  # fmt: skip
    german, english = texts.weeks(lasting)
    if least is not None and lasting <= least:
        return not_met(
            "health", basis,
            f"Die gesundheitlichen Gründe bestehen für {german} Wochen; nötig sind mehr als {least} Wochen.",
            f"The health reasons last for {english} weeks; more than {least} weeks are needed.",
        )  # fmt: skip
    if least is None or not facts.health.certificate:
        return question(
            "health", basis,
            "Belegt ein ärztliches Attest, dass und wie lange das Kind auf ein Verkehrsmittel angewiesen ist?",
            "Does a medical certificate confirm that the child needs transport, and for how long?",
        )  # fmt: skip
    return met(
        "health", basis,
        f"Das Kind ist nach ärztlichem Attest für {german} Wochen, also länger als {least} Wochen, auf ein Verkehrsmittel angewiesen.",
        f"By medical certificate the child needs transport for {english} weeks, which is longer than {least} weeks.",
    )  # fmt: skip


def dangerous_route(facts: Facts, law: Law, limit_metres: int | None) -> Finding | None:
    """NRW § 6 Abs. 2 SchfkVO. Where a safe way exists within the limit, the claim is settled; without one, a person looks."""
    if not facts.dangerous_route_claimed or not law.flag("claims.dangerous_route"):
        return None
    basis, safe = law.basis("claims.dangerous_route"), facts.distance_without_hazards_m
    if safe is None or limit_metres is None:
        return question(
            "dangerous_route", basis,
            "Ist der Schulweg besonders gefährlich oder nach den örtlichen Verhältnissen ungeeignet, und wie lang ist der sichere Weg?",
            "Is the way to school particularly dangerous or locally unsuitable, and how long is the safe way?",
        )  # fmt: skip
    return compared(
        "dangerous_route", basis, safe, limit_metres,
        longer=Text("Der Weg, der die Gefahrenstelle meidet, ist {way} lang und damit länger als {limit}.",
                    "The way that avoids the danger is {way} long, which is more than {limit}."),
        not_longer=Text("Es gibt einen Weg, der die Gefahrenstelle meidet: Er ist {way} lang und damit nicht länger als {limit}.",
                        "There is a way that avoids the danger: it is {way} long, which is not more than {limit}."),
    )  # fmt: skip


def nearest_refused(facts: Facts, law: Law, limit_metres: int | None) -> Finding | None:
    """NRW § 9 SchfkVO: a school that cannot admit the child is not the nearest. The refusal must be shown."""
    if not facts.nearest_refused or facts.attends_nearest or facts.nearest_refusal_proven:
        return None
    if facts.distance_m is not None and limit_metres is not None and facts.distance_m <= limit_metres:
        return None  # the school attended is not far enough away either
    return question(
        "nearest_refused", law.basis("nearest.compared_by_law"),
        "Hat die nächstgelegene Schule die Aufnahme abgelehnt (Ablehnungsbescheid), und ist die besuchte dann die nächstgelegene?",
        "Did the nearest school refuse admission (letter of refusal), and is the school attended then the nearest one?",
    )  # fmt: skip


def assigned_place(facts: Facts, law: Law, limit_metres: int | None) -> Finding | None:
    """NRW § 9 SchfkVO: the place of support that the school supervision named. The letter must be shown."""
    name = "nearest.assigned_counts"
    if facts.assigned_place is None or facts.attends_nearest or counts_as_nearest(facts, law):
        return None
    if facts.assigned_place.confirmed is False or not law.has(name) or law.in_force[name].value is False:
        return None
    if facts.distance_m is not None and limit_metres is not None and facts.distance_m <= limit_metres:
        return None  # the school attended is not far enough away either
    return question(
        "assigned_place", law.basis(name),
        "Hat die Schulaufsicht diese Schule als Förderort benannt (Bescheid)?",
        "Did the school supervision name this school as the place of support (letter)?",
    )  # fmt: skip


def second_home(facts: Facts, law: Law) -> Finding | None:
    """No rule for two homes was found for NRW: a person looks."""
    if not facts.second_home:
        return None
    return question(
        "second_home", law.basis("limit.primary_m"),
        "Das Kind lebt auch in einer zweiten Wohnung. Von welcher Wohnung ist der Schulweg zu messen?",
        "The child also lives in a second home. From which home is the way to school to be measured?",
    )  # fmt: skip


def boarding(facts: Facts, law: Law) -> list[Finding]:
    """NRW § 10 SchfkVO: trips home in place of daily ones. How many was not seen: a person looks."""
    name = "boarding.trips_home"
    if not facts.boarding or not law.has(name) or not law.flag(name):
        return []
    asked = question(
        "boarding", law.basis(name),
        "Das Kind lebt während der Woche im Internat: Welche Familienheimfahrten werden statt täglicher Fahrten übernommen?",
        "The child lives at a boarding school in the week: which trips home are borne in place of daily ones?",
    )  # fmt: skip
    return [asked]
