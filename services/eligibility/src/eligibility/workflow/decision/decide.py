"""From an application to a prepared decision, or to a case with the question that a person must answer."""

from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from functools import partial
from typing import Any
from uuid import uuid4

from geography.model import Measurement
from shared.events import (
    ApplicationSubmitted,
    ApplicationWithdrawn,
    EligibilityReviewOpened,
    Reason,
)

from eligibility import rules
from eligibility.domain.authority import Authority
from eligibility.domain.case import Case
from eligibility.domain.decision import Decision
from eligibility.domain.ids import ApplicationId, CaseId, DecisionId
from eligibility.domain.terms import Terms
from eligibility.notice.remedies import BERLIN
from eligibility.rules import Facts, Finding, Rules
from eligibility.rules.findings import question
from eligibility.workflow.decision.dangers import Dangers, dangers
from eligibility.workflow.decision.duplicates import child_key, duplicate
from eligibility.workflow.decision.facts import facts_of
from eligibility.workflow.decision.release import end, ended, in_force, let_out
from eligibility.workflow.decision.terms import evaluated, terms_of_grant, terms_of_refusal
from eligibility.workflow.decision.verdict import Verdict, verdict
from eligibility.workflow.family.families import contradicted
from eligibility.workflow.family.family import ties
from eligibility.workflow.policy import Practice, practice
from eligibility.workflow.ports import Book, Found, Records, Surroundings, Walking, Ways

MOST_SCHOOLS_RADIUS_M = 60_000.0
"""Farther around the home no nearest school is looked for."""


@dataclass(frozen=True)
class Prepared:
    event: ApplicationSubmitted
    authority: Authority
    practice: Practice
    """How the authority decides, by the rule set that the decision names."""
    case: Case
    decision: Decision | None
    """None: a person must look."""
    rules: Rules


class Decide:
    """Hears application.submitted and application.withdrawn. The handlers do the long work and return a step."""

    def __init__(self, records: Records, walking: Walking, surroundings: Surroundings) -> None:
        self._records = records
        self._walking = walking
        self._around = surroundings

    async def submitted(self, event: ApplicationSubmitted) -> Callable[[Book], None]:
        """Decide; in the transaction, keep the case and the decision, and let it out where the authority lets the
        machine do so."""
        return partial(self._keep, await self.prepare(event))

    async def prepare(self, event: ApplicationSubmitted) -> Prepared:
        """What the rules say of these facts.

        1. Look up authority, school and home in own tables.
        2. Measure the way to the school attended and to nearer schools of the same form.
        3. Make the facts, with what the authority's danger list says of the way.
        4. Evaluate them, at the fare of the rule set's product, and ask a person where something is in doubt.
        """
        # 1.
        found = await self._records.find(event, None)
        law = found.rules.law(event.school_year)
        # 2.
        found, ways = await self._measure(event, found)
        # 3.
        facts, asked = facts_of(event, found, ways, law)
        if law is not None and event.wanted_from > law.ends:
            asked.append(question("period", "§ 4 SchfkVO", "Ab welchem Tag des Schuljahres wird das Ticket gewünscht?",
                                  "From which day of the school year is the ticket wanted?"))  # fmt: skip
        first, chosen = period(event)[0], practice(found.authority, found.rules)
        listed = dangers(chosen.choices.danger_list, event.grade, first, found, ways)
        # 4.
        facts, evaluation = evaluated(listed.put_forward(facts), found.rules, event.school_number, first)
        result = verdict(found, ways, facts, evaluation, asked, band_m=chosen.review_band_m, listed=listed)
        case = self._case(event, found, ways, facts, result, listed)
        if result.outcome == "review":
            return Prepared(event, found.authority, chosen, case, None, found.rules)
        measured = without_readings(ways_json(found, ways))
        made = decided(event, case, result, chosen, measured, tested_metres(ways))
        return Prepared(event, found.authority, chosen, case, made, found.rules)

    async def withdrawn(self, event: ApplicationWithdrawn) -> Callable[[Book], None]:
        return partial(self._lay_down, event)

    async def _measure(self, event: ApplicationSubmitted, found: Found) -> tuple[Found, Ways | None]:
        """A school nearer on foot lies within the length of the way in a straight line: where the way turns out longer
        than the radius looked at, look again, farther."""
        if found.school is None or found.home is None:
            return found, None
        ways = await self._walking.ways(found.home, found.school, found)
        shortest = tested_metres(ways) or 0.0
        if shortest > found.radius_m:
            found = await self._records.find(event, min(shortest, MOST_SCHOOLS_RADIUS_M))
            ways = await self._walking.ways(found.home, found.school, found) if found.home and found.school else ways
        return found, ways

    def _case(  # noqa: PLR0917  # all that it is made of
        self,
        event: ApplicationSubmitted,
        found: Found,
        ways: Ways | None,
        facts: Facts,
        result: Verdict,
        listed: Dangers,
    ) -> Case:
        return Case(
            id=CaseId(uuid4()),
            application_id=ApplicationId(event.application_id),
            authority_id=event.authority_id,
            state="review" if result.outcome == "review" else "prepared",
            school_number=event.school_number,
            school_year=event.school_year,
            opened_at=self._around.now(),
            submission=submission(event, found),
            reasons=tuple(as_dict(each) for each in result.reasons),
            facts=facts.model_dump(mode="json", by_alias=True, exclude_none=True),
            ways=ways_json(found, ways) if result.outcome == "review" else {},
            dangers=listed.shown if facts.dangerous_route_claimed or listed.on_way else (),
        )

    def _keep(self, prepared: Prepared, book: Book) -> None:
        case, decision = prepared.case, prepared.decision
        if book.case_of(case.application_id) is not None:
            return  # told twice, or withdrawn before it was decided
        key = child_key(prepared.event)
        if book.has_living_case(key):
            asked = (as_dict(duplicate()), *case.reasons)
            case, decision = replace(case, state="review", reasons=asked), None
        book.add_case(case)
        book.add_child(case.id, key)
        book.put_ties(case.id, ties(prepared.event))
        book.put_told(case.id, prepared.event)
        if decision is not None and (asked_of_family := contradicted(book, case, decision, prepared.rules)):
            case, decision = replace(case, state="review", reasons=(*asked_of_family, *case.reasons)), None
            book.revise(replace(case, ways=prepared.decision.ways if prepared.decision else {}), case.opened_at)
        if decision is None:
            book.emit(review_opened(case))
            return
        book.add_decision(decision)
        if prepared.practice.releases_itself(decision.outcome):
            let_out(book, prepared.authority, case, decision, by="rules", around=self._around)

    def _lay_down(self, event: ApplicationWithdrawn, book: Book) -> None:
        """A grant ends; what is not decided is laid down; a withdrawal that came first is remembered."""
        now = self._around.now()
        cases = book.cases_of(ApplicationId(event.application_id))
        if not cases:
            book.add_case(withdrawn_before(event, CaseId(uuid4())))
        for case in cases:  # of each school year
            if case.state != "withdrawn":
                self._end_case(case, now, book)

    def _end_case(self, case: Case, now: datetime, book: Book) -> None:
        decision = in_force(book, case)
        answered = case.state == "refused"  # nothing is left to lay down
        book.set_state(case.id, "withdrawn", now)
        book.family_changed(case.id, now)
        if decision is not None and decision.outcome == "granted":
            end(book, case, decision, "application_withdrawn", now)
        elif not answered:
            book.emit(ended(case, None, "application_withdrawn", now))


def decided(  # noqa: PLR0917  # all that it is made of
    event: ApplicationSubmitted,
    case: Case,
    result: Verdict,
    chosen: Practice,
    ways: dict[str, Any],
    distance_m: float | None,
) -> Decision:
    """What the rules decided, with all by which it can be explained and computed again."""
    if result.outcome == "review":
        raise ValueError("a case of review has no decision yet")
    first, last = period(event) if result.outcome == "granted" else (None, None)
    evaluation = result.evaluation
    return Decision(
        id=DecisionId(uuid4()),
        case_id=case.id,
        authority_id=case.authority_id,
        outcome=result.outcome,
        valid_from=first,
        valid_until=last,
        own_share_cents=evaluation.own_share_cents,
        covered_cents=evaluation.covered_cents,
        distance_m=distance_m,
        limit_m=evaluation.limit_m,
        reasons=case.reasons,
        rules_version=evaluation.rules_version,
        facts=case.facts,
        ways=ways,
        decided_by="rules",
        prepared_at=case.opened_at,
        terms=_terms(event, result, chosen, case.opened_at),
    )


def _terms(event: ApplicationSubmitted, result: Verdict, chosen: Practice, now: datetime) -> Terms:
    """Of a refusal: what may be bought from now on."""
    whole = period(event)
    if result.outcome == "granted":
        return terms_of_grant(result.evaluation, chosen.rules, event.school_number, event.school_year, whole[0])
    not_before = max(whole[0], now.astimezone(BERLIN).date())
    return terms_of_refusal(result.evaluation.decided_by, chosen.choices, event.school_number, (not_before, whole[1]))


def review_opened(case: Case) -> EligibilityReviewOpened:
    """Only the questions are told: what was found out already is for the person who looks."""
    asked = [each for each in case.reasons if each["result"] == "question"]
    return EligibilityReviewOpened(
        occurred_at=case.opened_at,
        authority_id=case.authority_id,
        application_id=case.application_id,
        case_id=case.id,
        reasons=tuple(Reason.model_validate(each) for each in asked),
    )


def withdrawn_before(event: ApplicationWithdrawn, case_id: CaseId) -> Case:
    return Case(
        id=case_id,
        application_id=ApplicationId(event.application_id),
        authority_id=event.authority_id,
        state="withdrawn",
        school_number="",
        school_year="",
        opened_at=event.occurred_at,
        submission={},
        reasons=(),
        facts={},
        ways={},
    )


def as_dict(finding: Finding) -> dict[str, str]:
    return {key: str(value) for key, value in asdict(finding).items()}


def period(event: ApplicationSubmitted) -> tuple[date, date]:
    """From the wanted start, at the earliest the school year's first day, to its last, or the pupil's (§ 4 SchfkVO)."""
    begins, ends = rules.span(event.school_year)
    return max(begins, event.wanted_from), min(ends, event.leaves_on or ends)


def tested_metres(ways: Ways | None) -> float | None:
    if ways is None:
        return None
    if ways.nearer is not None:
        return ways.nearer[1].metres
    return ways.attended.metres if isinstance(ways.attended, Measurement) else None


def ways_json(found: Found, ways: Ways | None) -> dict[str, Any]:
    """The measurements, so that the way can be drawn, explained and measured again."""
    kept: dict[str, Any] = {}
    if ways is not None and found.school is not None and isinstance(ways.attended, Measurement):
        kept["attended"] = {"school_number": found.school.number, **ways.attended.as_json()}
    if ways is not None and ways.nearer is not None:
        number, measurement = ways.nearer
        names = {each.number: each.short_name or each.name for each in found.alike}
        kept["nearest"] = {"school_number": number, "school_name": names.get(number, ""), **measurement.as_json()}
    return kept


def without_readings(ways: dict[str, Any]) -> dict[str, Any]:
    """Where nothing is in doubt the lines of the two readings explain nothing: their metres are enough."""
    return {which: {name: part for name, part in way.items() if name != "readings"} for which, way in ways.items()}


def submission(event: ApplicationSubmitted, found: Found) -> dict[str, Any]:
    """What the notice needs: kept apart, so that it can be erased."""
    elsewhere = event.place_of_teaching.address if event.place_of_teaching else None
    return {
        **({"place_of_teaching": elsewhere.model_dump()} if elsewhere else {}),
        "portal_notice": event.portal_notice,
        "addressee": event.addressee.model_dump(),
        "addressee_address": event.addressee_address.model_dump(),
        "child": event.child.model_dump(),
        "birth_date": event.birth_date.isoformat(),
        "grade": event.grade,
        "wanted_from": event.wanted_from.isoformat(),
        "language": event.language,
        "school_name": (found.school.name or found.school.short_name) if found.school else event.school_number,
        "applied_at": event.occurred_at.isoformat(),
    }
