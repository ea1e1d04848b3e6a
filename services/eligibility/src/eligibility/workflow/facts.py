"""From an application and what was measured to FACTS. Pure."""

from typing import Any

from pydantic import ValidationError
from shared.events import ApplicationSubmitted

from eligibility.geography.search import Measurement
from eligibility.rules import Facts, Finding
from eligibility.rules.findings import question
from eligibility.rules.rule_set import Law
from eligibility.workflow.notice_content import BERLIN
from eligibility.workflow.ports import Found, Ways

UNUSABLE = (
    "Eine Angabe des Antrags passt nicht zu den Regeln. Bitte klären Sie: {fields}.",
    "Something in the application does not fit the rules. Please clarify: {fields}.",
)


def facts_of(
    event: ApplicationSubmitted, found: Found, ways: Ways | None, law: Law | None
) -> tuple[Facts, list[Finding]]:
    """The facts, and a question where the application holds something that the rules cannot read."""
    content = _of_application(event) | _of_school(found) | _of_ways(found, ways, law)
    try:
        return Facts.model_validate(content), []
    except ValidationError as error:
        wrong = sorted({str(each["loc"][0]) for each in error.errors()})
        kept = {key: value for key, value in content.items() if key not in wrong}
        texts = (text.format(fields=", ".join(wrong)) for text in UNUSABLE)
        return Facts.model_validate(kept), [question("facts", "§ 24 VwVfG NRW", *texts)]


def _of_application(event: ApplicationSubmitted) -> dict[str, Any]:
    claims, circumstances = event.claims, event.circumstances
    health = claims.health_weeks is not None or claims.health_certificate
    course = event.course
    return {
        "school_year": event.school_year,
        # the day on German clocks: it decides whether the application is in time, and the notice names it
        "application_date": event.occurred_at.astimezone(BERLIN).date(),
        "pupil": {
            "birth_date": event.birth_date,
            "lives_in_nrw": circumstances.lives_in_nrw,
            "special_needs": circumstances.special_needs,
            "severely_disabled": circumstances.severely_disabled,
        },
        "grade": event.grade,
        "track": event.track,
        "course": course
        and {"annex": course.annex, "full_time": course.full_time, "district_class": course.district_class},
        "nearest_refused": claims.nearest_refused,
        "health": {"weeks": claims.health_weeks, "certificate": claims.health_certificate} if health else None,
        "dangerous_route_claimed": claims.dangerous_route,
        "second_home": claims.second_home,
        "siblings": tuple({"birth_date": each.birth_date, "funded": each.funded} for each in circumstances.siblings),
        "benefits": circumstances.benefits,
    }


def _of_school(found: Found) -> dict[str, Any]:
    if found.school is None:
        return {}
    return {"school": {"form": found.school.form, "kind": found.school.kind, "private": found.school.private}}


def _of_ways(found: Found, ways: Ways | None, law: Law | None) -> dict[str, Any]:
    """Where a nearer school of the same form exists but more than the form counts (the course at a Berufskolleg, the
    place of support at a Förderschule), nobody knows yet which is the nearest: it stays open."""
    if ways is None or not isinstance(ways.attended, Measurement):
        return {}
    metres = ways.attended.metres
    safe = _safe(ways.nearer[1] if ways.nearer is not None else ways.attended)
    if ways.nearer is None:
        return {**safe, "distance_m": metres, "attends_nearest": True, "nearest_distance_m": metres}
    if law is not None and found.school is not None and found.school.form in law.words("nearest.more_than_form"):
        return {"distance_m": metres}
    return {**safe, "distance_m": metres, "attends_nearest": False, "nearest_distance_m": ways.nearer[1].metres}


def _safe(tested: Measurement) -> dict[str, Any]:
    """The way without the authority's hazards, where the shortest one meets one. Where it meets none, or no way is
    left without them, what a family says of a danger is for a person."""
    safe = tested.without_hazards
    return {"distance_without_hazards_m": safe.metres} if safe is not None and safe.met else {}
