"""From an assessment and its verdict to what is kept: a case, and a decision where no person must look. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import cast

from geography.model import Measurement
from shared.calendar import day_in_berlin
from shared.events import (
    ApplicationSubmitted,
    ApplicationWithdrawn,
    EligibilityReviewOpened,
    Reason,
    head,
)
from shared.school_names import everyday_name

from eligibility.domain.authority import Authority
from eligibility.domain.case import Case
from eligibility.domain.child import Child, Marks, marks_of
from eligibility.domain.decision import Decision
from eligibility.domain.ids import ApplicationId, case_id_of, decision_id_of
from eligibility.domain.kept_routes import KeptRoute, KeptRoutes
from eligibility.domain.keys import Keys
from eligibility.domain.submission import (
    Submission,
)
from eligibility.domain.terms import Terms
from eligibility.rules import Rules, as_kept, to_prove
from eligibility.rules.findings import Finding, as_dict, for_family
from eligibility.workflow.decision.assessment import Assessment
from eligibility.workflow.decision.kept_told import (
    kept_address,
    kept_answers,
    kept_custody,
    kept_home,
    kept_name,
    other_guardian,
)
from eligibility.workflow.decision.terms import terms_of_grant, terms_of_refusal
from eligibility.workflow.decision.verdict import Verdict
from eligibility.workflow.policy import DecisionPolicy


@dataclass(frozen=True)
class PreparedCase:
    """What is kept of an application, and by what it was made."""

    assessment: Assessment
    case: Case
    decision: Decision | None
    """None: a person must look."""
    marks: Marks
    """Of its child."""

    @property
    def event(self) -> ApplicationSubmitted:
        """The application as it was told."""
        return self.assessment.event

    @property
    def authority(self) -> Authority:
        """Who decides."""
        return self.assessment.context.authority

    @property
    def policy(self) -> DecisionPolicy:
        """The authority's rules and the settings beside them."""
        return self.assessment.policy

    @property
    def rules(self) -> Rules:
        """By which was decided."""
        return self.assessment.policy.rules


def prepare_case(assessment: Assessment, verdict: Verdict, keys: Keys, now: datetime) -> PreparedCase:
    """The case, and the decision with all by which it can be explained and computed again."""
    case = _case(assessment, verdict, now)
    decision = None if verdict.outcome == "review" else _decision(assessment, verdict, case)
    event = assessment.event
    child = Child(event.child.first_name, event.child.last_name, event.birth_date)
    return PreparedCase(assessment, case, decision, marks_of(child, event.authority_id, event.school_year, keys))


def _case(assessment: Assessment, verdict: Verdict, now: datetime) -> Case:
    event, facts, dangers = assessment.event, verdict.facts, verdict.dangers
    return Case(
        id=case_id_of(ApplicationId(event.application_id), event.school_year),
        application_id=ApplicationId(event.application_id),
        authority_id=event.authority_id,
        state="review" if verdict.outcome == "review" else "prepared",
        school_number=event.school_number,
        school_year=event.school_year,
        opened_at=now,
        submission=_submission(assessment),
        reasons=tuple(as_dict(_nearer_named(each, assessment, verdict)) for each in verdict.reasons),
        facts=as_kept(facts),
        routes=_measurements(assessment) if verdict.outcome == "review" else {},
        dangers=dangers.shown if facts.dangerous_route_claimed or dangers.on_way else (),
    )


def _decision(assessment: Assessment, verdict: Verdict, case: Case) -> Decision:
    if verdict.outcome == "review":
        raise ValueError("a case of review has no decision yet")
    first, last = assessment.period if verdict.outcome == "granted" else (None, None)
    evaluation, tested = verdict.evaluation, assessment.tested
    return Decision(
        id=decision_id_of(case.id, 1),
        case_id=case.id,
        authority_id=case.authority_id,
        outcome=verdict.outcome,
        valid_from=first,
        valid_until=last,
        own_share_cents=evaluation.own_share_cents,
        covered_cents=evaluation.covered_cents,
        distance_m=tested.metres if tested is not None else None,
        limit_m=evaluation.limit_m,
        reasons=case.reasons,
        rules_version=evaluation.rules_version,
        facts=case.facts,
        routes=_without_readings(_measurements(assessment)),
        decided_by="rules",
        prepared_at=case.opened_at,
        terms=_terms(assessment, verdict, case.opened_at),
    )


def _terms(assessment: Assessment, verdict: Verdict, now: datetime) -> Terms:
    """Of a refusal: what may be bought from now on."""
    event, policy, (first, last) = assessment.event, assessment.policy, assessment.period
    if verdict.outcome == "granted":
        return terms_of_grant(verdict.evaluation, policy.rules, event.school_number, event.school_year, first)
    not_before = max(first, day_in_berlin(now))
    return terms_of_refusal(verdict.evaluation.decided_by, policy.choices, event.school_number, (not_before, last))


def _measurements(assessment: Assessment) -> KeptRoutes:
    """So that the route can be drawn, explained and measured again."""
    context, routes = assessment.context, assessment.routes
    found: KeptRoutes = {}
    if routes is not None and context.school is not None and isinstance(routes.attended, Measurement):
        way = _measured(routes.attended)
        found["attended"] = {"school_number": context.school.number, "home": kept_home(assessment.event.home), **way}
    if routes is not None and routes.nearer is not None:
        number, measurement = routes.nearer
        found["nearest"] = {
            "school_number": number, "school_name": _nearest_name(assessment) or "", **_measured(measurement),
        }  # fmt: skip
    return found


def _measured(measurement: Measurement) -> KeptRoute:
    return cast(KeptRoute, measurement.as_json())  # geography has never heard of eligibility and its types


def _nearest_name(assessment: Assessment) -> str | None:
    """The nearer school as people call it, not by the register's short key; None where there is none."""
    routes = assessment.routes
    if routes is None or routes.nearer is None:
        return None
    number = routes.nearer[0]
    return next((everyday_name(each.name) or each.short_name for each in assessment.context.alike
                 if each.number == number), None)  # fmt: skip


def _nearer_named(one: Finding, assessment: Assessment, verdict: Verdict) -> Finding:
    """A question about the nearer school says which one that is: nobody could answer it otherwise."""
    nearest = _nearest_name(assessment)
    if one.rule != "own_branch" or one.result != "question" or not nearest:
        return one
    branch = verdict.facts.own_branch
    told = branch is not None and branch.claimed is True
    return replace(
        one,
        text=f"{one.text} Die nähere Schule: {nearest}.",
        text_en=f"{one.text_en} The nearer school: {nearest}.",
        family=to_prove.own_branch(nearest, told=told),
    )


def _without_readings(routes: KeptRoutes) -> KeptRoutes:
    """Where nothing is in doubt the lines of the two readings explain nothing: their metres are enough."""
    found: KeptRoutes = {}
    if "attended" in routes:
        found["attended"] = _without_reading(routes["attended"])
    if "nearest" in routes:
        found["nearest"] = _without_reading(routes["nearest"])
    return found


def _without_reading(way: KeptRoute) -> KeptRoute:
    plain = way.copy()
    plain.pop("readings", None)
    return plain


def _submission(assessment: Assessment) -> Submission:
    """What the notice needs: kept apart, so that it can be erased."""
    event, school = assessment.event, assessment.context.school
    elsewhere = event.place_of_teaching.address if event.place_of_teaching else None
    submission: Submission = {
        "portal_notice": event.portal_notice,
        "addressee": kept_name(event.addressee),
        "addressee_address": kept_address(event.addressee_address),
        "child": kept_name(event.child),
        "birth_date": event.birth_date.isoformat(),
        "grade": event.grade,
        "wanted_from": event.wanted_from.isoformat(),
        "language": event.language,
        "school_name": (school.name or school.short_name) if school else event.school_number,
        "applied_at": event.occurred_at.isoformat(),
    }
    if event.mailbox is not None:
        submission["mailbox"] = event.mailbox
    if event.mailbox_excluded:
        submission["mailbox_excluded"] = True
    if elsewhere is not None:
        submission["place_of_teaching"] = kept_address(elsewhere)
    if event.second_home is not None:
        submission["second_home"] = kept_address(event.second_home)
    if event.holder_change is not None:
        submission["holder_change"] = event.holder_change
    if event.custody is not None:
        submission["custody"] = kept_custody(event.custody)
        if (other := other_guardian(event.custody)) is not None:
            submission["second_guardian"] = other
    if event.further is not None:
        submission["further"] = kept_answers(event.further)
    return submission


def withdrawn_before(event: ApplicationWithdrawn) -> Case:
    """What is kept of a withdrawal that was heard before its application: nobody knows of which school year."""
    application_id = ApplicationId(event.application_id)
    return Case(
        id=case_id_of(application_id, ""),
        application_id=application_id,
        authority_id=event.authority_id,
        state="withdrawn",
        school_number="",
        school_year="",
        opened_at=event.occurred_at,
        submission={},
        reasons=(),
        facts={},
        routes={},
    )


def _to_family(kept: Mapping[str, str]) -> Reason:
    said = for_family(kept)
    return Reason(rule=kept["rule"], legal_basis=kept["legal_basis"], text=said.de, text_en=said.en)


def review_opened(case: Case) -> EligibilityReviewOpened:
    """Only the questions are told, in words for the family: how they are put at the desk, and what was found out
    already, is for the person who looks."""
    asked = [each for each in case.reasons if each["result"] == "question"]
    return EligibilityReviewOpened(
        **head(case, case.opened_at),
        case_id=case.id,
        reasons=tuple(_to_family(each) for each in asked),
    )
