"""What a person decides, as a decision that explains itself like one of the rules. Pure."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import uuid4

from shared.errors import Invalid, Text

from eligibility import rules
from eligibility.domain import Case, Decision, DecisionId, FinalOutcome
from eligibility.rules.cost import own_share


@dataclass(frozen=True)
class PersonsDecision:
    """What a person decides in a case that the rules could not."""

    outcome: FinalOutcome
    reason: str
    legal_basis: str
    valid_from: date | None = None
    own_share_cents: int | None = None
    """Needed for a grant where the facts do not give it."""


def by_person(  # noqa: PLR0917  # all that it is made of
    case: Case, decided: PersonsDecision, subject: str, applicable: rules.Rules, ways: dict[str, Any], now: datetime
) -> Decision:
    """`ways`: what was measured, which a case keeps itself only while it is in review.

    The rules' findings stay in the reasons; the person's reason answers the questions and comes first.
    """
    facts = rules.Facts.model_validate_json(rules.canonical_json(case.facts))
    evaluation = rules.evaluate(facts, applicable)
    first, last = _period(case, decided) if decided.outcome == "granted" else (None, None)
    answer = {
        "rule": "person",
        "result": "met" if decided.outcome == "granted" else "not_met",
        "legal_basis": decided.legal_basis,
        "text": decided.reason,
        "text_en": "",
    }
    tested = ways.get("nearest") or ways.get("attended")
    return Decision(
        id=DecisionId(uuid4()),
        case_id=case.id,
        authority_id=case.authority_id,
        outcome=decided.outcome,
        valid_from=first,
        valid_until=last,
        own_share_cents=_share(facts, applicable, decided) if decided.outcome == "granted" else None,
        covered_cents=evaluation.covered_cents,
        distance_m=tested["metres"] if tested else None,
        limit_m=evaluation.limit_m,
        reasons=(answer, *(each for each in case.reasons if each["result"] != "question")),
        rules_version=applicable.version,
        facts=case.facts,
        ways=ways,
        decided_by=subject,
        prepared_at=now,
    )


def _period(case: Case, decided: PersonsDecision) -> tuple[date, date]:
    begins, ends = rules.span(case.school_year)
    wanted = decided.valid_from or max(begins, date.fromisoformat(case.submission["wanted_from"]))
    if not begins <= wanted <= ends:
        raise Invalid(
            Text("Der Beginn muss im Schuljahr liegen.", "The start must lie within the school year."),
            field="valid_from",
        )
    leaves = case.facts.get("leaves_on")
    return wanted, max(wanted, min(ends, date.fromisoformat(leaves))) if leaves else ends


def _share(facts: rules.Facts, applicable: rules.Rules, decided: PersonsDecision) -> int:
    """As decided, else as the rules say from the facts; without either the person is asked for it."""
    if decided.own_share_cents is not None:
        return decided.own_share_cents
    law = applicable.law(facts.school_year) if facts.school_year else None
    share = own_share(facts, law).own_share_cents if law else None
    if share is None:
        text = Text(
            "Aus den Angaben ergibt sich kein Eigenanteil. Bitte geben Sie ihn an (in Cent je Monat).",
            "The facts do not give the own share. Please state it (in cents a month).",
        )
        raise Invalid(text, field="own_share_cents")
    return share
