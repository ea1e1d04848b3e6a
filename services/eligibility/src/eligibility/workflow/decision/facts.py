"""From an application and what was measured to FACTS. Pure."""

from collections.abc import Mapping

from geography.model import Measurement
from pydantic import ValidationError
from shared.birth_dates import earliest
from shared.calendar import SchoolYear, day_in_berlin
from shared.events import ApplicationSubmitted, Claims, Person

from eligibility.domain.names import words_of
from eligibility.rules import Facts, Finding, to_family
from eligibility.rules.findings import question
from eligibility.rules.law.applicant import of_age
from eligibility.workflow.decision.assessment import Assessment
from eligibility.workflow.decision.lengths import conditions_on_lengths
from eligibility.workflow.decision.reductions import apart
from eligibility.workflow.decision.unproven_claims import another_school_refused
from eligibility.workflow.ports import ApplicationContext

UNUSABLE = (
    "Eine Angabe des Antrags passt nicht zu den Regeln. Bitte klären Sie: {fields}.",
    "Something in the application does not fit the rules. Please clarify: {fields}.",
)
"""Said of facts that the rules cannot read."""
Parts = Mapping[str, object]
"""Of FACTS, as the application and the measurement say them: nothing reads them before `Facts` has checked them."""


def facts_of(assessment: Assessment) -> tuple[Facts, list[Finding]]:
    """The facts, and a question where the application holds something that the rules cannot read."""
    event, context = assessment.event, assessment.context
    content: Parts = {
        **_of_application(event), **_of_period(event), **_of_school(context), **_of_routes(assessment),
        **_of_second_home(assessment),
        **apart(event.circumstances, context.proven), **_of_applicant(assessment),
    }  # fmt: skip
    asked = another_school_refused(event.claims.nearest_refused_school, assessment.routes, list(context.alike))
    try:
        return Facts.model_validate(content), asked
    except ValidationError as error:
        wrong = sorted({str(each["loc"][0]) for each in error.errors()})
        kept = {key: value for key, value in content.items() if key not in wrong}
        texts = (text.format(fields=", ".join(wrong)) for text in UNUSABLE)
        return Facts.model_validate(kept), [
            question("facts", "§ 24 VwVfG NRW", *texts, family=to_family.UNUSABLE),
            *asked,
        ]


def _of_application(event: ApplicationSubmitted) -> Parts:
    claims, circumstances = event.claims, event.circumstances
    return {
        "school_year": event.school_year,
        # the day on German clocks: it decides whether the application is in time, and the notice names it
        "application_date": day_in_berlin(event.occurred_at),
        "pupil": {
            "birth_date": event.birth_date,
            "lives_in_nrw": circumstances.lives_in_nrw,
            "lives_in_authority_area": circumstances.lives_in_authority_area,
            "special_needs": circumstances.special_needs,
            "severely_disabled": circumstances.severely_disabled,
        },
        "grade": event.grade,
        "track": event.track,
        "course": event.course and dict(event.course),
        "nearest_refused": claims.nearest_refused,
        "nearest_refused_school": claims.nearest_refused_school,
        "health": _health(claims),
        "dangerous_route_claimed": claims.dangerous_route,
        "second_home": claims.second_home,
        "income_within_limit": circumstances.income_within_limit,
        # what is claimed is not confirmed: a letter or a certificate is looked at by a person
        "afternoon_lessons": {"mostly": True} if claims.afternoon_lessons else None,
        "assigned_place": {} if claims.assigned_place else None,
        "escort": {} if claims.escort else None,
        "own_branch": None if claims.own_branch is None else {"claimed": claims.own_branch},
        "boarding": claims.boarding or None,
        "place_of_teaching": event.place_of_teaching and event.place_of_teaching.model_dump(exclude={"address"}),
        "transport": _transport(event),
    }


def _of_applicant(assessment: Assessment) -> Parts:
    """Who applies. Where nobody says it of a pupil of age, the names do: leaving it out is no way around the question
    for a power of attorney."""
    event, law = assessment.event, assessment.law
    years = law.number("applicant.of_age") if law is not None and law.has("applicant.of_age") else None
    if event.applicant is not None or years is None:
        return {"applicant": event.applicant}
    adult = of_age(earliest(event.birth_date), years, day_in_berlin(event.occurred_at))
    return {"applicant": "guardian" if adult and not _same_name(event.addressee, event.child) else None}


def _same_name(one: Person, other: Person) -> bool:
    """Word by word, however it is written."""
    names = (words_of(f"{each.first_name} {each.last_name}").words for each in (one, other))
    return len({frozenset(each) for each in names}) == 1


def _of_period(event: ApplicationSubmitted) -> Parts:
    """Where it is not the whole school year: the own share is counted from the first day of the grant."""
    begins, ends = SchoolYear.parse(event.school_year).span
    wanted = event.wanted_from if begins < event.wanted_from <= ends else None
    leaves = event.leaves_on if event.leaves_on and event.leaves_on < ends else None
    return {"wanted_from": wanted, "leaves_on": leaves}


def _health(claims: Claims) -> Parts | None:
    """In weeks; days are more exact: 57 of them are more than eight weeks (§ 6 Abs. 1 SchfkVO)."""
    weeks = claims.health_weeks if claims.health_days is None else claims.health_days / 7
    if weeks is None and not claims.health_certificate and not claims.health_claimed:
        return None
    return {"weeks": weeks, "certificate": claims.health_certificate}


def _transport(event: ApplicationSubmitted) -> Parts | None:
    if event.transport is None:
        return None
    said = event.transport.model_dump()
    claimed = said.pop("public_unsuitable", None)
    return {**said, "public_unsuitable_claimed": claimed}


def _of_school(found: ApplicationContext) -> Parts:
    if found.school is None:
        return {}
    return {"school": {"form": found.school.form, "kind": found.school.kind, "private": found.school.private}}


def _of_routes(assessment: Assessment) -> Parts:
    """Where a nearer school of the same form exists but more than the form counts (the course at a Berufskolleg, the
    place of support at a Förderschule), nobody knows yet which is the nearest: it stays open."""
    routes, law, school = assessment.routes, assessment.law, assessment.context.school
    if routes is None or not isinstance(routes.attended, Measurement):
        return {}
    metres = routes.attended.metres
    safe = _safe(routes.nearer[1] if routes.nearer is not None else routes.attended)
    if routes.nearer is None:
        return {**safe, "distance_m": metres, "attends_nearest": True, "nearest_distance_m": metres}
    if law is not None and school is not None and school.form in law.words("nearest.more_than_form"):
        return {"distance_m": metres}
    return {**safe, "distance_m": metres, "attends_nearest": False, "nearest_distance_m": routes.nearer[1].metres}


def _of_second_home(assessment: Assessment) -> Parts:
    """Not where a danger lies on the way from there, or the authority has conditions of its own on lengths: a person
    looks at both."""
    second = assessment.routes.second_home if assessment.routes is not None else None
    if second is None or not assessment.event.claims.second_home or conditions_on_lengths(assessment.law):
        return {}
    safe = second.without_hazards
    return {} if safe is not None and safe.met else {"second_home_distance_m": second.metres}


def _safe(tested: Measurement) -> Parts:
    """The way without the authority's hazards, where the shortest one meets one. Where it meets none, or no way is
    left without them, what a family says of a danger is for a person."""
    safe = tested.without_hazards
    return {"distance_without_hazards_m": safe.metres} if safe is not None and safe.met else {}
