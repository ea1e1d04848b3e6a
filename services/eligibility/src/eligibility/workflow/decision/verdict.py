"""What the rules and the doubts together come to. Pure."""

from dataclasses import dataclass
from typing import Literal

from geography.model import FLAG_TEXTS, Measurement
from shared.errors import Text

from eligibility.notice.picture import map_date
from eligibility.rules import Evaluation, Facts, Finding, to_family, to_prove
from eligibility.rules.findings import note, question
from eligibility.workflow.decision.acting import questions_on_acting
from eligibility.workflow.decision.assessment import Assessment
from eligibility.workflow.decision.dangers import Dangers, dangers
from eligibility.workflow.decision.doubts import BASIS, condition_in_doubt, in_doubt, missing_knowledge
from eligibility.workflow.decision.facts import facts_of
from eligibility.workflow.decision.share_proof import more_than_the_share, proof_note, shares_of
from eligibility.workflow.decision.terms import evaluate_with_fare
from eligibility.workflow.decision.unproven_claims import claims_needing_proof

SAID_FLAGS = ("connector_from_over_50_m", "connector_to_over_50_m")
"""What a family and a judge should know of how the way was measured, beside its ends."""
ENTRANCE = Text("zum nächsten Eingang des Schulgrundstücks", "the nearest entrance of the school grounds")
MEASURED_TO = {
    "school_point_not_entrance": Text(
        "zu dem Punkt, an dem die Schule im Verzeichnis eingetragen ist (ein Eingang ist nicht hinterlegt)",
        "the point at which the register places the school (no entrance is recorded)",
    ),
    "entrance_from_openstreetmap": Text(
        "zum nächsten Eingang des Schulgrundstücks, der in OpenStreetMap eingezeichnet ist (vom Schulträger nicht bestätigt)",
        "the nearest entrance of the school grounds that OpenStreetMap shows (not confirmed by the authority)",
    ),
}


@dataclass(frozen=True)
class Verdict:
    outcome: Literal["granted", "refused", "review"]
    reasons: tuple[Finding, ...]
    facts: Facts
    """As evaluated."""
    evaluation: Evaluation
    dangers: Dangers


def verdict(assessment: Assessment) -> Verdict:
    """Judge an application.

    1. Make the facts, with what the authority's danger list says of the way. 2. Evaluate them, at the fare of the rule
    set's product. 3. Ask a person where something is in doubt.
    """
    # 1.
    facts, asked = facts_of(assessment)
    return judge(assessment, facts, [*asked, *questions_on_acting(assessment.event)])


def judge(assessment: Assessment, facts: Facts, asked: list[Finding]) -> Verdict:
    """The same on given facts.

    Args:
        asked: what of the application the rules cannot read.
    """
    if assessment.law is not None and assessment.event.wanted_from > assessment.law.ends:
        asked.append(_ask("period", "§ 4 SchfkVO", "Ab welchem Tag des Schuljahres wird das Ticket gewünscht?",
                          "From which day of the school year is the ticket wanted?", to_family.FIRST_DAY))  # fmt: skip
    listed = dangers(assessment)
    # 2.
    rules, school_number = assessment.policy.rules, assessment.event.school_number
    facts, evaluation = evaluate_with_fare(listed.put_forward(facts), rules, school_number, assessment.first_day)
    asked += more_than_the_share(facts, evaluation, rules)
    # 3.
    outcome, reasons = _weigh(assessment, facts, evaluation, asked, listed)
    said = proof_note(facts, shares_of(evaluation), rules) if outcome == "granted" else None
    reasons = (*reasons, said) if said else reasons
    return Verdict(outcome, reasons, facts, evaluation, listed)


def _weigh(
    assessment: Assessment, facts: Facts, evaluation: Evaluation, asked: list[Finding], listed: Dangers
) -> tuple[Literal["granted", "refused", "review"], tuple[Finding, ...]]:
    """Conditions refuse, grounds do not.

    1. A refusal because a condition failed (residence, school, deadline …) stands whatever else is claimed, unless the
    condition itself is in doubt. 2. Else a person gets what the rules asked, what could not be measured, what the lengths
    leave open, what was claimed and what rests on the family's word.
    """
    rests_on_list = "dangerous_route" in evaluation.decided_by and listed.settled
    said = [*(listed.notes() if rests_on_list else ()), *measured_note(assessment.tested)]
    unknown = missing_knowledge(assessment.context, assessment.routes)
    doubted = condition_in_doubt(assessment, facts, evaluation, [*asked, *unknown])
    # 1.
    if evaluation.outcome == "refused" and evaluation.firm and not doubted:
        return "refused", (*evaluation.reasons, *said)
    # 2.
    questions = [*asked, *unknown, *(each for each in doubted if each not in (*asked, *unknown))]
    rest = [
        each
        for each in evaluation.reasons
        if not (questions and each.rule in ("distance", "nearest_school") and each.result == "question")
    ]
    questions += in_doubt(assessment, facts, evaluation)
    questions += questions_on_claims(facts, evaluation, danger_settled=listed.settled)
    questions += claims_needing_proof(facts, evaluation)
    if not questions and evaluation.outcome != "review":
        return evaluation.outcome, (*rest, *said)
    return "review", (*_once_each(questions), *rest, *said)


def _once_each(questions: list[Finding]) -> list[Finding]:
    """The first of each rule's: what the doubts ask and what the claims ask may be the same."""
    rules = [each.rule for each in questions]
    return [
        each for place, each in enumerate(questions) if each.rule == "contradiction" or each.rule not in rules[:place]
    ]


def questions_on_claims(facts: Facts, evaluation: Evaluation, *, danger_settled: bool = False) -> list[Finding]:
    """A claim that the distance does not settle is looked at by a person, also where the rules could answer it; but not
    a danger that the authority itself has listed and drawn, and around which the way is measured."""
    if evaluation.outcome == "review" or (evaluation.outcome == "granted" and "distance" in evaluation.decided_by):
        return []
    claims = (
        (facts.health, "health", "§ 6 Abs. 1 SchfkVO", "Gesundheitliche Gründe werden geltend gemacht: Was belegt das Attest?",
         "Health reasons are claimed: what does the certificate confirm?", to_prove.CERTIFICATE),
        (facts.dangerous_route_claimed and not danger_settled, "dangerous_route", "§ 6 Abs. 2 SchfkVO", "Ist der Schulweg besonders gefährlich?",
         "Is the way to school particularly dangerous?", to_family.DANGER),
        (facts.nearest_refused, "nearest_refused", "§ 9 SchfkVO", "Hat die nächstgelegene Schule die Aufnahme abgelehnt?",
         "Did the nearest school refuse admission?", to_prove.NEAREST_REFUSED),
    )  # fmt: skip
    return [
        _ask(rule, basis, german, english, family) for holds, rule, basis, german, english, family in claims if holds
    ]


def measured_note(tested: Measurement | None) -> list[Finding]:
    """How the way was measured, for the record: from where to where, each said once."""
    if tested is None:
        return []
    flags = [FLAG_TEXTS[flag] for flag in SAID_FLAGS if flag in tested.flags]
    to = next((words for flag, words in MEASURED_TO.items() if flag in tested.flags), ENTRANCE)
    stand = ("", "")
    if written := map_date(tested.network.get("date")):
        stand = f" (Stand {written[0]})", f" (as of {written[1]})"
    german, english = (
        "".join(f" {each}" for each in said) for said in ([one.de for one in flags], [one.en for one in flags])
    )
    return [note(
        "measurement", BASIS,
        f"Gemessen wurde der kürzeste Fußweg auf dem Wegenetz von OpenStreetMap{stand[0]}: von der Haustür bis {to.de}.{german}",
        f"The shortest walk was measured on OpenStreetMap's network{stand[1]}: from the front door to {to.en}.{english}",
    )]  # fmt: skip


def _ask(rule: str, basis: str, german: str, english: str, family: Text) -> Finding:
    return question(rule, basis, german, english, family=family)
