"""Grounds whatever the length of the way, looked at only where the distance does not suffice.

A ground that may hold is asked for, also where nobody has named its paragraph: a disability, an escort, an illness that
rules public transport out may each mean that the child needs a vehicle (NRW: § 6 Abs. 1 SchfkVO, § 24 VwVfG NRW).
"""

from shared.errors import Text

from eligibility.rules import to_family, to_prove
from eligibility.rules.facts import NO_PUPIL, NO_SCHOOL, Facts
from eligibility.rules.findings import Finding, compare_length, met, not_met, question
from eligibility.rules.law.before import unnamed, wordings
from eligibility.rules.law.teaching import afternoon_lessons, place_of_teaching
from eligibility.rules.law.texts import claims as say
from eligibility.rules.law.way import counts_as_nearest, in_upper_level, nearest_metres
from eligibility.rules.rule_set.rule_set import Law


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
    if not law.does.add_up_both_routes or found is None or not facts.attends_nearest or facts.distance_m is None:
        return found
    other = afternoon_lessons(facts, law, limit_metres, facts.distance_m)
    alike = other is not None and other.result == found.result
    return found if alike else afternoon_lessons(facts, law, limit_metres, None)


def health(facts: Facts, law: Law) -> Finding | None:
    """NRW § 6 Abs. 1 SchfkVO: for longer than eight weeks, proven as a rule by a medical certificate."""
    basis, least = law.basis("claims.health_weeks"), law.number("claims.health_weeks")
    hints = health_hints(facts) if law.does.ask_on_health_hints else []
    if facts.health is None:
        return _hinted(hints, basis, least) if hints else None
    lasting = facts.health.weeks
    if lasting is None:
        return question("health", basis, *say.HOW_MANY_WEEKS, family=to_prove.CERTIFICATE)
    if least is not None and lasting <= least and hints:
        return _hinted(hints, basis, least)
    if least is not None and lasting <= least:
        return not_met("health", basis, *say.too_few_weeks(lasting, least))
    if least is None or not facts.health.certificate:
        return question("health", basis, *say.IS_IT_CERTIFIED, family=to_prove.CERTIFICATE)
    enough = say.enough_weeks if law.does.speak_to_adult_pupils else wordings.enough_weeks
    return met("health", basis, *enough(lasting, least))


def health_hints(facts: Facts) -> list[Text]:
    """What was said that may mean that the child needs a vehicle, though no illness was named."""
    pupil, wish, escort = facts.pupil or NO_PUPIL, facts.transport, facts.escort
    unsuitable = wish is not None and (wish.public_unsuitable_claimed or wish.public_unsuitable_proven)
    said = (
        (pupil.severely_disabled, say.DISABILITY),
        (pupil.special_needs, say.SPECIAL_NEEDS),
        (escort is not None and escort.proven is not False, say.ESCORT),
        (unsuitable, say.NO_PUBLIC_TRANSPORT),
    )
    return [hint for holds, hint in said if holds]


def _hinted(hints: list[Text], basis: str, least: int | None) -> Finding:
    said = say.all_hints(hints)
    family = to_prove.health_hints(*said)
    return question("health", basis, *say.is_transport_needed(said, least), family=family)


def dangerous_route(facts: Facts, law: Law, limit_metres: int | None) -> Finding | None:
    """NRW § 6 Abs. 2 SchfkVO. Where a safe way exists within the limit, the claim is settled; without one, a person looks."""
    if not facts.dangerous_route_claimed or not law.flag("claims.dangerous_route"):
        return None
    basis, safe = law.basis("claims.dangerous_route"), facts.distance_without_hazards_m
    of_another_way = law.does.doubt_safe_way_to_nearer_school and another_may_count(facts, law)
    if safe is None or limit_metres is None or (of_another_way and safe <= limit_metres):
        return question("dangerous_route", basis, *say.IS_IT_DANGEROUS, family=to_family.DANGER)
    return compare_length(
        "dangerous_route", basis, safe, limit_metres,
        longer=say.SAFE_WAY_LONGER, not_longer=say.SAFE_WAY_NOT_LONGER,
    )  # fmt: skip


def nearest_refused(facts: Facts, law: Law, limit_metres: int | None) -> Finding | None:
    """NRW § 9 SchfkVO: a school that cannot admit the child is not the nearest. The refusal must be shown."""
    if not facts.nearest_refused or facts.attends_nearest or facts.nearest_refusal_proven:
        return None
    if not could_carry(facts, law, limit_metres):
        return None
    basis = law.basis("nearest.compared_by_law")
    return question("nearest_refused", basis, *say.DID_NEAREST_REFUSE, family=to_prove.NEAREST_REFUSED)


def assigned_place(facts: Facts, law: Law, limit_metres: int | None) -> Finding | None:
    """NRW § 9 SchfkVO: the place of support that the school supervision named. The letter must be shown."""
    name = "nearest.assigned_counts"
    if not _may_be_assigned(facts, law) or not could_carry(facts, law, limit_metres):
        return None
    return question("assigned_place", law.basis(name), *say.IS_IT_ASSIGNED, family=to_prove.ASSIGNED_PLACE)


def _may_be_assigned(facts: Facts, law: Law) -> bool:
    """Claimed; or nobody has said, and the child needs a place of support, which the school supervision names."""
    name, place = "nearest.assigned_counts", facts.assigned_place
    if facts.attends_nearest or counts_as_nearest(facts, law) or not law.has(name) or law.in_force[name].value is False:
        return False
    if place is not None or not law.does.ask_for_place_of_support:
        return place is not None and place.confirmed is not False
    form, forms = (facts.school or NO_SCHOOL).form, "nearest.support_place_forms"
    at_support_school = law.has(forms) and form in law.words(forms)
    return facts.attends_nearest is False and (at_support_school or bool((facts.pupil or NO_PUPIL).special_needs))


def own_branch(facts: Facts, law: Law, limit_metres: int | None) -> Finding | None:
    """NRW § 9 SchfkVO: at a Gymnasium the nearest is the one with the chosen bilingual branch (OVG NRW 19 E 113/00); who
    enters the Oberstufe may be protected too (Abs. 8). Asked where it was claimed, or where nobody has said."""
    if not _may_have_branch(facts, law) or not could_carry(facts, law, limit_metres):
        return None
    basis = law.basis("nearest.branch_forms" if law.has("nearest.branch_forms") else "nearest.compared_by_law")
    return question("own_branch", basis, *say.IS_IT_FOR_A_BRANCH, family=to_prove.OWN_BRANCH)


def _may_have_branch(facts: Facts, law: Law) -> bool:
    if not law.does.know_branches:
        return False
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
    if not law.does.ask_about_branches_in_upper_level or not listed or not in_upper_level(facts, law):
        return listed
    return [*listed, *(law.words(of_upper_level) if law.has(of_upper_level) else unnamed.UPPER_BRANCH_FORMS)]


def another_may_count(facts: Facts, law: Law) -> bool:
    """Whether it is open that the way to the school attended counts, though another is nearer."""
    refused = bool(facts.nearest_refused) and not facts.attends_nearest and not facts.nearest_refusal_proven
    return refused or _may_be_assigned(facts, law) or _may_have_branch(facts, law)


def could_carry(facts: Facts, law: Law, limit_metres: int | None) -> bool:
    """Whether the way to the school attended could carry a grant, if that school counted as the nearest."""
    attended = facts.distance_m
    if attended is None or limit_metres is None or attended > limit_metres:
        return True
    if not law.does.try_other_grounds_of_farther_school:
        return False
    if facts.dangerous_route_claimed and law.flag("claims.dangerous_route"):
        return True  # the safe way was measured to the nearer school
    twice = afternoon_lessons(facts, law, limit_metres, attended)
    return twice is not None and twice.result != "not_met"


def second_home(facts: Facts, law: Law) -> Finding | None:
    """No rule for two homes was found for NRW: a person looks."""
    if not facts.second_home:
        return None
    return question("second_home", law.basis("limit.primary_m"), *say.FROM_WHICH_HOME, family=to_family.SECOND_HOME)


def assess_boarding(facts: Facts, law: Law) -> list[Finding]:
    """NRW § 10 SchfkVO: trips home in place of daily ones. How many was not seen: a person looks."""
    name = "boarding.trips_home"
    if not facts.boarding or not law.has(name) or not law.flag(name):
        return []
    return [question("boarding", law.basis(name), *say.WHICH_TRIPS_HOME, family=to_family.WE_LOOK_AT_TRIPS_HOME)]
