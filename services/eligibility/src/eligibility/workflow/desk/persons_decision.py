"""What a person decides, as a decision that explains itself like one of the rules. Pure."""

from collections.abc import Set
from dataclasses import dataclass, replace
from datetime import date, datetime

from shared.calendar import SchoolYear, day_in_berlin
from shared.errors import Invalid, Text

from eligibility import rules
from eligibility.domain.case import Case
from eligibility.domain.decision import Because, Decision, FinalOutcome
from eligibility.domain.desk import ProposedDecision
from eligibility.domain.ending import Ending, Exception28
from eligibility.domain.ids import decision_id_of
from eligibility.domain.kept_routes import KeptRoutes, tested_route
from eligibility.domain.terms import Carriage, Terms
from eligibility.rules.findings import as_dict, met
from eligibility.rules.law.own_share import Share
from eligibility.rules.law.validity import period_note
from eligibility.workflow.decision.share_proof import PROOF, proof_note
from eligibility.workflow.decision.start import BEGINS
from eligibility.workflow.decision.terms import evaluate_with_fare, terms_of_grant, terms_of_refusal
from eligibility.workflow.family.shares import share_of


@dataclass(frozen=True)
class PersonsDecision:
    """What a person decides in a case that the rules could not."""

    outcome: FinalOutcome
    reason: str
    legal_basis: str
    valid_from: date | None = None
    own_share_cents: int | None = None
    """Needed for a grant where the facts do not give it."""
    transport: Carriage | None = None
    """Of a grant: what the person chooses (NRW: §§ 12 to 16 SchfkVO); None: as the rules say, else a ticket."""
    valid_until: date | None = None
    """Of a grant: its last day, where its ground ends before the school year does."""
    ends_on: date | None = None
    hearing_exception: Exception28 | None = None
    hearing_why: str = ""
    """These three: see `ending`."""
    same_child: bool | None = None
    """Of a grant where the child may have another case: whether that is about it too (workflow.decision.duplicates)."""

    @property
    def ending(self) -> Ending:
        """What the person says of a grant in force that ends by this decision."""
        return Ending(self.ends_on, self.hearing_exception, self.hearing_why)


OF_A_GRANT = frozenset({"own_share", "period", "transport", BEGINS, PROOF})
"""Rules that say what is granted."""


def decision_from_json(content: ProposedDecision) -> PersonsDecision:
    """As a proposal keeps it. One of before knows fewer fields."""
    return PersonsDecision(
        outcome=content["outcome"],
        reason=content["reason"],
        legal_basis=content["legal_basis"],
        valid_from=_day(content.get("valid_from")),
        own_share_cents=content.get("own_share_cents"),
        transport=content.get("transport"),
        valid_until=_day(content.get("valid_until")),
        ends_on=_day(content.get("ends_on")),
        hearing_exception=content.get("hearing_exception"),
        hearing_why=content.get("hearing_why", ""),
        same_child=content.get("same_child"),
    )


def as_proposal(decided: PersonsDecision) -> ProposedDecision:
    """As a proposal keeps it."""
    return {
        "outcome": decided.outcome,
        "reason": decided.reason,
        "legal_basis": decided.legal_basis,
        "valid_from": _iso(decided.valid_from),
        "own_share_cents": decided.own_share_cents,
        "transport": decided.transport,
        "valid_until": _iso(decided.valid_until),
        "ends_on": _iso(decided.ends_on),
        "hearing_exception": decided.hearing_exception,
        "hearing_why": decided.hearing_why,
        "same_child": decided.same_child,
    }


def _day(said: str | None) -> date | None:
    return date.fromisoformat(said) if said else None


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day is not None else None


def by_person(  # noqa: PLR0917  # all that it is made of
    case: Case, decided: PersonsDecision, subject: str, applicable: rules.Rules, routes: KeptRoutes, now: datetime
) -> Decision:
    """`routes`: what was measured, which a case keeps itself only while it is in review.

    The rules' findings stay in the reasons; the person's reason answers the questions and comes first. Product and
    fare are those of the rule set that the decision names.
    """
    facts = rules.Facts.model_validate_json(rules.canonical_json(case.facts))
    granted = decided.outcome == "granted"
    whole = _period(case, decided, now)
    facts, evaluation = evaluate_with_fare(facts, applicable, case.school_number, whole[0])
    terms = _terms(case, decided, evaluation, applicable, whole)
    share = _share(facts, evaluation, applicable, decided, terms) if granted else None
    tested = tested_route(routes)
    return Decision(
        id=decision_id_of(case.id, 1),  # until it is counted (workflow.decision.release.supersede_prepared)
        case_id=case.id,
        authority_id=case.authority_id,
        outcome=decided.outcome,
        valid_from=whole[0] if granted else None,
        valid_until=whole[1] if granted else None,
        own_share_cents=share.own_share_cents if share else None,
        covered_cents=evaluation.covered_cents if terms.transport == evaluation.transport else None,
        distance_m=tested["metres"] if tested else None,
        limit_m=evaluation.limit_m,
        reasons=(
            *_reasons(case, decided, share, applicable, whole),
            *_missing_proof(facts, share, applicable, terms),
        ),
        rules_version=applicable.version,
        facts=rules.as_kept(facts),
        routes=routes,
        decided_by=subject,
        prepared_at=now,
        terms=replace(terms, own_share_changes=share.changes, limited=decided.valid_until is not None)
        if share
        else terms,
    )


def _reasons(
    case: Case, decided: PersonsDecision, share: Share | None, applicable: rules.Rules, whole: tuple[date, date]
) -> list[dict[str, str]]:
    """The person's answer, what stays of the rules' findings, and what is said otherwise than they said it."""
    granted = decided.outcome == "granted"
    answer = {
        "rule": "person",
        "result": "met" if granted else "not_met",
        "legal_basis": decided.legal_basis,
        "text": decided.reason,
        "text_en": "",
    }
    replaced_rules = {PROOF, BEGINS, "period"} | ({"own_share"} if decided.own_share_cents is not None else set())
    return [
        answer,
        *(each for each in case.reasons if _stays(each, replaced_rules if granted else OF_A_GRANT)),
        *(_period_said(case, whole, applicable) if granted else ()),
        *_own_share(case, share, applicable, replaced_rules),
    ]


def _stays(reason: dict[str, str], replaced_rules: Set[str]) -> bool:
    """Of what the rules found. What would be granted, and from when to when, is no reason of a refusal."""
    if reason["result"] == "question":
        return False
    return reason["rule"] not in replaced_rules or (replaced_rules is OF_A_GRANT and reason["result"] == "not_met")


def _period_said(case: Case, whole: tuple[date, date], applicable: rules.Rules) -> list[dict[str, str]]:
    """The days that are granted, as the rules say theirs: only where it is not the whole school year."""
    law = applicable.law(case.school_year)
    if law is None or whole == (law.begins, law.ends):
        return []
    return [as_dict(period_note(*whole, law))]


def _own_share(
    case: Case, share: Share | None, applicable: rules.Rules, replaced_rules: set[str]
) -> list[dict[str, str]]:
    """On which paragraph the share rests that is set here, where the rules have not said it."""
    law = applicable.law(case.school_year)
    kept = any(each["rule"] == "own_share" and each["result"] != "question" for each in case.reasons)
    if share is None or not share.own_share_cents or law is None or (kept and "own_share" not in replaced_rules):
        return []
    german, english = rules.texts.euros(share.own_share_cents)
    basis = law.basis("own_share.by_rank_cents")
    texts = f"Der Eigenanteil beträgt {german} im Monat.", f"The own share is {english} a month."
    said = met("own_share", basis, *texts)
    return [as_dict(said)]


def reason_of_revision(case: Case) -> Because:
    """Why a decision takes the place of an earlier one: the family told of a change, or the authority looked again."""
    return "facts_changed" if case.change_number else "decided_anew"


def _missing_proof(
    facts: rules.Facts, share: Share | None, applicable: rules.Rules, terms: Terms
) -> list[dict[str, str]]:
    """The family is told what would lower its share, as with a grant of the rules."""
    if share is None or share.own_share_cents is None or not terms.with_ticket:
        return []
    said = proof_note(facts, ((date.min, share.own_share_cents), *share.changes), applicable)
    return [as_dict(said)] if said else []


def _terms(
    case: Case,
    decided: PersonsDecision,
    evaluation: rules.Evaluation,
    applicable: rules.Rules,
    whole: tuple[date, date],
) -> Terms:
    """As of a decision of the rules; the kind of transport as this person says."""
    choices = applicable.rule_set.choices
    if decided.outcome == "refused":
        refused_by = evaluation.decided_by if evaluation.outcome == "refused" else frozenset[str]()
        return terms_of_refusal(refused_by, choices, case.school_number, whole)
    if decided.transport is not None and decided.transport != evaluation.transport:
        evaluation = replace(evaluation, transport=decided.transport, allowance_cents=None, kilometre_cents=None)
    return terms_of_grant(evaluation, applicable, case.school_number, case.school_year, whole[0])


def _period(case: Case, decided: PersonsDecision, now: datetime) -> tuple[date, date]:
    """Of the grant; of a refusal, that in which a ticket may be bought instead.

    Raises:
        Invalid: for a grant that would begin outside the school year.
    """
    begins, ends = SchoolYear.parse(case.school_year).span
    asked_for = max(begins, date.fromisoformat(case.submission["wanted_from"]))
    if decided.outcome == "refused":
        return max(asked_for, day_in_berlin(now)), ends
    wanted = decided.valid_from or asked_for
    if not begins <= wanted <= ends:
        raise Invalid(
            Text("Der Beginn muss im Schuljahr liegen.", "The start must lie within the school year."),
            field="valid_from",
        )
    leaves = case.facts.get("leaves_on")
    last = max(wanted, min(ends, date.fromisoformat(leaves))) if leaves else ends
    if decided.valid_until is not None and not wanted <= decided.valid_until <= last:
        raise Invalid(
            Text(
                "Das Ende muss nach dem Beginn und im Schuljahr liegen, und nicht nach dem letzten Tag an der Schule.",
                "The end must lie after the start and within the school year, and not after the last day at school.",
            ),
            field="valid_until",
        )
    return wanted, decided.valid_until or last


def _share(
    facts: rules.Facts, evaluation: rules.Evaluation, applicable: rules.Rules, decided: PersonsDecision, terms: Terms
) -> Share:
    """As decided, else as the rules say from the facts; without either the person is asked for it."""
    if decided.own_share_cents is not None:
        return Share((), decided.own_share_cents)
    if evaluation.outcome == "granted" and terms.transport == evaluation.transport:
        share = Share((), evaluation.own_share_cents, evaluation.own_share_changes)
    else:
        law = applicable.law(facts.school_year) if facts.school_year else None
        share = share_of(facts, law, with_ticket=terms.with_ticket) if law else Share((), None)
    if share.own_share_cents is None:
        text = Text(
            "Aus den Angaben ergibt sich kein Eigenanteil. Bitte geben Sie ihn an (in Cent je Monat).",
            "The facts do not give the own share. Please state it (in cents a month).",
        )
        raise Invalid(text, field="own_share_cents")
    return share
