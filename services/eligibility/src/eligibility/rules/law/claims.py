"""Grounds whatever the length of the way, looked at only where the distance does not suffice.

A ground that may hold is asked for, also where nobody has named its paragraph: a disability, an escort, an illness that
rules public transport out may each mean that the child needs a vehicle (NRW: § 6 Abs. 1 SchfkVO, § 24 VwVfG NRW).
"""

from shared.errors import Text

from eligibility.rules import texts, to_family, to_prove
from eligibility.rules.facts import NO_PUPIL, NO_SCHOOL, Facts
from eligibility.rules.findings import Finding, compare_length, met, not_met, question
from eligibility.rules.law.teaching import afternoon_lessons, place_of_teaching
from eligibility.rules.law.way import counts_as_nearest, in_upper_level, nearest_metres
from eligibility.rules.rule_set.rule_set import Law

UPPER_BRANCH_FORMS = ["BK", "FW", "GE", "GY", "HI", "SB", "SG", "WF"]
"""Of rule sets before engine 6, which did not name them, where they ask about branches at all."""


def grounds(facts: Facts, law: Law, limit_metres: int | None) -> list[Finding]:
    """What else the family puts forward, in the order of the law."""
    found = (
        nearest_refused(facts, law, limit_metres),
        assigned_place(facts, law, limit_metres),
        own_branch(facts, law, limit_metres),
        _twice_a_day(facts, law, limit_metres),
        health(facts, law),
        dangerous_route(facts, law, limit_metres),
        place_of_teaching(facts, law, limit_metres),
        second_home(facts, law),
        *assess_boarding(facts, law),
    )
    return [each for each in found if each is not None]


def _twice_a_day(facts: Facts, law: Law, limit_metres: int | None) -> Finding | None:
    """By the way that is tested. Where the school attended is the nearest and two ways are told, both must come to the same."""
    found = afternoon_lessons(facts, law, limit_metres, nearest_metres(facts, law))
    if law.engine < 7 or found is None or not facts.attends_nearest or facts.distance_m is None:
        return found
    other = afternoon_lessons(facts, law, limit_metres, facts.distance_m)
    alike = other is not None and other.result == found.result
    return found if alike else afternoon_lessons(facts, law, limit_metres, None)


def health(facts: Facts, law: Law) -> Finding | None:
    """NRW § 6 Abs. 1 SchfkVO: for longer than eight weeks, proven as a rule by a medical certificate."""
    basis, least = law.basis("claims.health_weeks"), law.number("claims.health_weeks")
    hints = health_hints(facts) if law.engine > 3 else []
    if facts.health is None:
        return _hinted(hints, basis, least) if hints else None
    lasting = facts.health.weeks
    if lasting is None:
        return question(
            "health", basis,
            "Wie lange (in Wochen) ist das Kind aus gesundheitlichen Gründen auf ein Verkehrsmittel angewiesen?",
            "For how long (in weeks) does the child need transport for health reasons?",
            family=to_prove.CERTIFICATE,
        )  # fmt: skip
    german, english = texts.weeks(lasting)
    if least is not None and lasting <= least and hints:
        return _hinted(hints, basis, least)
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
            family=to_prove.CERTIFICATE,
        )  # fmt: skip
    return met(
        "health", basis,
        f"Nach ärztlichem Attest ist für {german} Wochen, also länger als {least} Wochen, auf dem Schulweg ein Verkehrsmittel nötig.",
        f"By medical certificate, transport is needed on the way to school for {english} weeks, which is longer than {least} weeks.",
    ) if law.engine > 4 else met(
        "health", basis,
        f"Das Kind ist nach ärztlichem Attest für {german} Wochen, also länger als {least} Wochen, auf ein Verkehrsmittel angewiesen.",
        f"By medical certificate the child needs transport for {english} weeks, which is longer than {least} weeks.",
    )  # fmt: skip


def health_hints(facts: Facts) -> list[Text]:
    """What was said that may mean that the child needs a vehicle, though no illness was named."""
    pupil, wish, escort = facts.pupil or NO_PUPIL, facts.transport, facts.escort
    unsuitable = wish is not None and (wish.public_unsuitable_claimed or wish.public_unsuitable_proven)
    said = (
        (pupil.severely_disabled, "eine Schwerbehinderung", "a severe disability"),
        (pupil.special_needs, "ein sonderpädagogischer Förderbedarf", "special educational needs"),
        (escort is not None and escort.proven is not False, "eine nötige Begleitperson", "the need of an escort"),
        (unsuitable, "dass Bus und Bahn nicht möglich sind", "that public transport is impossible"),
    )
    return [Text(german, english) for holds, german, english in said if holds]


def _hinted(hints: list[Text], basis: str, least: int | None) -> Finding:
    longer = ("", "") if least is None else (f"für mehr als {least} Wochen ", f" for more than {least} weeks")
    german, english = ", ".join(each.de for each in hints), ", ".join(each.en for each in hints)
    return question(
        "health", basis,
        f"Angegeben ist: {german}. Ist das Kind deshalb {longer[0]}auf ein Verkehrsmittel angewiesen (ärztliches Attest oder Bescheid)?",
        f"It is said: {english}. Does the child therefore need transport{longer[1]} (medical certificate or official letter)?",
        family=to_prove.health_hints(german, english),
    )  # fmt: skip


def dangerous_route(facts: Facts, law: Law, limit_metres: int | None) -> Finding | None:
    """NRW § 6 Abs. 2 SchfkVO. Where a safe way exists within the limit, the claim is settled; without one, a person looks."""
    if not facts.dangerous_route_claimed or not law.flag("claims.dangerous_route"):
        return None
    basis, safe = law.basis("claims.dangerous_route"), facts.distance_without_hazards_m
    of_another_way = law.engine > 3 and safe is not None and another_may_count(facts, law)
    if safe is None or limit_metres is None or (of_another_way and safe <= limit_metres):
        return question(
            "dangerous_route", basis,
            "Ist der Schulweg besonders gefährlich oder nach den örtlichen Verhältnissen ungeeignet, und wie lang ist der sichere Weg?",
            "Is the way to school particularly dangerous or locally unsuitable, and how long is the safe way?",
            family=to_family.DANGER,
        )  # fmt: skip
    return compare_length(
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
    if not could_carry(facts, law, limit_metres):
        return None
    return question(
        "nearest_refused", law.basis("nearest.compared_by_law"),
        "Hat die nächstgelegene Schule die Aufnahme abgelehnt (Ablehnungsbescheid), und ist die besuchte dann die nächstgelegene?",
        "Did the nearest school refuse admission (letter of refusal), and is the school attended then the nearest one?",
        family=to_prove.NEAREST_REFUSED,
    )  # fmt: skip


def assigned_place(facts: Facts, law: Law, limit_metres: int | None) -> Finding | None:
    """NRW § 9 SchfkVO: the place of support that the school supervision named. The letter must be shown."""
    name = "nearest.assigned_counts"
    if not _may_be_assigned(facts, law) or not could_carry(facts, law, limit_metres):
        return None
    return question(
        "assigned_place", law.basis(name),
        "Hat die Schulaufsicht diese Schule als Förderort benannt (Bescheid)?",
        "Did the school supervision name this school as the place of support (letter)?",
        family=to_prove.ASSIGNED_PLACE,
    )  # fmt: skip


def _may_be_assigned(facts: Facts, law: Law) -> bool:
    """Claimed; or nobody has said, and the child needs a place of support, which the school supervision names."""
    name, place = "nearest.assigned_counts", facts.assigned_place
    if facts.attends_nearest or counts_as_nearest(facts, law) or not law.has(name) or law.in_force[name].value is False:
        return False
    if place is not None or law.engine < 4:
        return place is not None and place.confirmed is not False
    form, forms = (facts.school or NO_SCHOOL).form, "nearest.support_place_forms"
    at_support_school = law.has(forms) and form in law.words(forms)
    return facts.attends_nearest is False and (at_support_school or bool((facts.pupil or NO_PUPIL).special_needs))


def own_branch(facts: Facts, law: Law, limit_metres: int | None) -> Finding | None:
    """NRW § 9 SchfkVO: at a Gymnasium the nearest is the one with the chosen bilingual branch (OVG NRW 19 E 113/00); who
    enters the Oberstufe may be protected too (Abs. 8). Asked where it was claimed, or where nobody has said."""
    if law.engine < 4 or not _may_have_branch(facts, law) or not could_carry(facts, law, limit_metres):
        return None
    return question(
        "own_branch", law.basis("nearest.branch_forms" if law.has("nearest.branch_forms") else "nearest.compared_by_law"),
        "Besucht das Kind diese Schule wegen eines Bildungswegs, den die nähere Schule nicht anbietet (zum Beispiel bilingual, oder beim Eintritt in die Oberstufe)?",
        "Does the child attend this school for a branch that the nearer school does not offer (bilingual for example, or on entering the Oberstufe)?",
        family=to_prove.OWN_BRANCH,
    )  # fmt: skip


def _may_have_branch(facts: Facts, law: Law) -> bool:
    branch, form = facts.own_branch, (facts.school or NO_SCHOOL).form
    if facts.attends_nearest or counts_as_nearest(facts, law):
        return False
    if branch is None or (branch.claimed is None and branch.confirmed is None):
        return facts.attends_nearest is False and form in _forms_with_branches(facts, law)
    return branch.confirmed is None and branch.claimed is True


def _forms_with_branches(facts: Facts, law: Law) -> list[str]:
    """Forms at which a branch is asked about though nobody has said: the whole form, or its Oberstufe and courses."""
    forms, of_upper_level = "nearest.branch_forms", "nearest.upper_branch_forms"
    listed = law.words(forms) if law.has(forms) else []
    if law.engine < 6 or not listed or not in_upper_level(facts, law):
        return listed
    return [*listed, *(law.words(of_upper_level) if law.has(of_upper_level) else UPPER_BRANCH_FORMS)]


def another_may_count(facts: Facts, law: Law) -> bool:
    """Whether it is open that the way to the school attended counts, though another is nearer."""
    refused = bool(facts.nearest_refused) and not facts.attends_nearest and not facts.nearest_refusal_proven
    return refused or _may_be_assigned(facts, law) or (law.engine > 3 and _may_have_branch(facts, law))


def could_carry(facts: Facts, law: Law, limit_metres: int | None) -> bool:
    """Whether the way to the school attended could carry a grant, if that school counted as the nearest."""
    attended = facts.distance_m
    if attended is None or limit_metres is None or attended > limit_metres:
        return True
    if law.engine < 4:
        return False
    if facts.dangerous_route_claimed and law.flag("claims.dangerous_route"):
        return True  # the safe way was measured to the nearer school
    twice = afternoon_lessons(facts, law, limit_metres, attended)
    return twice is not None and twice.result != "not_met"


def second_home(facts: Facts, law: Law) -> Finding | None:
    """No rule for two homes was found for NRW: a person looks."""
    if not facts.second_home:
        return None
    return question(
        "second_home", law.basis("limit.primary_m"),
        "Das Kind lebt auch in einer zweiten Wohnung. Von welcher Wohnung ist der Schulweg zu messen?",
        "The child also lives in a second home. From which home is the way to school to be measured?",
        family=to_family.SECOND_HOME,
    )  # fmt: skip


def assess_boarding(facts: Facts, law: Law) -> list[Finding]:
    """NRW § 10 SchfkVO: trips home in place of daily ones. How many was not seen: a person looks."""
    name = "boarding.trips_home"
    if not facts.boarding or not law.has(name) or not law.flag(name):
        return []
    asked = question(
        "boarding", law.basis(name),
        "Das Kind lebt während der Woche im Internat: Welche Familienheimfahrten werden statt täglicher Fahrten übernommen?",
        "The child lives at a boarding school in the week: which trips home are borne in place of daily ones?",
        family=to_family.WE_LOOK_AT_TRIPS_HOME,
    )  # fmt: skip
    return [asked]
