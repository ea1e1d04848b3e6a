"""A person has seen the proof of what lowers the own share: benefits, or a sibling with a funded ticket elsewhere."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Protocol

from shared.birth_dates import BirthDate
from shared.calendar import day_in_berlin, month_end
from shared.database import Transactions
from shared.errors import Conflict, Invalid, Text
from shared.identity import Caller

from eligibility.domain.acts import ActKind
from eligibility.domain.case import Case, must_be
from eligibility.domain.decision import Decision
from eligibility.domain.family import Member, Ties, of_family
from eligibility.domain.ids import CaseId
from eligibility.rules import Facts, Rules, as_kept, canonical_json, evaluate
from eligibility.rules.facts import SiblingFacts, UnprovenFacts
from eligibility.rules.findings import as_dict
from eligibility.workflow.access import authority_of, free_for, own_authority, own_case
from eligibility.workflow.case_queries import WORK
from eligibility.workflow.decision.kept_rules import kept_rules
from eligibility.workflow.decision.recompute import ADDED
from eligibility.workflow.decision.reductions import ProvenFacts, with_proofs
from eligibility.workflow.decision.release import ReleaseStore, supersede_prepared
from eligibility.workflow.decision.share_proof import PROOF, proof_note, proven_note, shares_of
from eligibility.workflow.family.share_change import release_share_decision
from eligibility.workflow.family.share_proposal import ShareProposal, reasons_of
from eligibility.workflow.family.shares import decided_shares, of_law, share_difference, worked_out
from eligibility.workflow.ports import AuditTrail, AuthorityReader, CaseReader, Environment, Records

NOTHING_NAMED = Text(
    "Bitte wählen Sie, was nachgewiesen ist.", "Please choose what is proven."
)  # fmt: skip
NOT_TOLD = Text(
    "Das hat die Familie nicht angegeben, oder es ist schon anerkannt.",
    "The family has not told that, or it is recognised already.",
)
DAYS = Text("Der letzte Tag darf nicht vor dem ersten liegen.", "The last day must not lie before the first.")
NO_GRANT = Text(
    "In diesem Fall ist kein Ticket bewilligt, für das ein Eigenanteil zu zahlen wäre.",
    "In this case no ticket is granted for which an own share is paid.",
)
NOT_LESS = Text(
    "Der Eigenanteil wird dadurch nicht niedriger; es ändert sich nichts.",
    "The own share does not become lower by it; nothing changes.",
)


@dataclass(frozen=True)
class Proof:
    """What is proven of what the family told."""

    benefits: tuple[str, ...] = ()
    siblings: tuple[BirthDate, ...] = ()
    """Birth dates."""
    first: date | None = None
    """From when on; None: from the beginning of the grant."""
    last: date | None = None


def may_lower(case: Case, decisions: Sequence[Decision]) -> bool:
    """Whether there is a share that a proof could lower: while a person decides, of a prepared grant of the rules, or
    of a grant in force."""
    if case.state not in (*WORK, "granted") or not case.facts.get("unproven"):
        return False
    me = Member(case, decisions, Ties(None, "", names_siblings=False))
    waiting = me.waiting if me.waiting is not None and me.waiting.terms.grant_id is None else None
    if case.state == "review":
        return True
    return _is_of_rules(waiting) if waiting is not None else me.grant is not None


def _is_of_rules(waiting: Decision) -> bool:
    return waiting.outcome == "granted" and waiting.decided_by == "rules"


class ProofStore(ReleaseStore, AuthorityReader, CaseReader, AuditTrail, Protocol):
    """The store, as a proof is recognised in it."""


class Proofs:
    def __init__(self, transactions: Transactions[ProofStore], records: Records, environment: Environment) -> None:
        self._transactions = transactions
        self._records = records
        self._environment = environment

    async def recognise(self, caller: Caller, case_id: CaseId, seen: Proof) -> None:
        """The own share falls: by a decision of its own where a grant is in force, else in what is being decided.

        1. What is proven counts in the facts from now on. 2. While a person decides, that is all. 3. A prepared grant
        is priced anew. 4. Beside a grant in force a decision on the own share goes out, by this person.

        Raises:
            Invalid: for what the family did not tell.
            Conflict: where no share would fall.
        """
        authority_id = own_authority(caller, "case_worker")
        applicable = await self._records.rules_of(authority_id)

        def step(store: ProofStore) -> None:
            # 1.
            case = own_case(store, case_id, authority_id)
            must_be(case, "review", "prepared", "granted")
            free_for(case, caller.subject)
            decisions, now = store.decisions_of(case.id), self._environment.now()
            me = Member(case, decisions, Ties(None, "", names_siblings=False))
            waiting = me.waiting if me.waiting is not None and me.waiting.terms.grant_id is None else None
            before = None if case.state == "review" else waiting or me.grant
            known = case.facts if before is None else of_family(before.facts, case.facts)
            facts = Facts.model_validate_json(canonical_json(known))
            proven = _proven(facts, seen)
            new = with_proofs(facts, proven)
            decision: Decision | None = None
            # 2.
            if case.state == "review":
                store.set_facts(case.id, as_kept(new))
            # 3.
            elif waiting is not None:
                decision = self._reprice(store, case, waiting, new, _rules(store, waiting, applicable))
            # 4.
            else:
                decision = self._less_from_now_on(store, me, new, applicable, proven, caller)
            self._note(store, case, caller, seen, decision, now)

        await self._transactions.write(step)

    def _reprice(self, store: ProofStore, case: Case, waiting: Decision, facts: Facts, rules: Rules) -> Decision:
        evaluation = evaluate(facts, rules)
        if waiting.outcome != "granted" or evaluation.outcome != "granted" or waiting.decided_by != "rules":
            raise Conflict(NO_GRANT, field="state")
        now, missing = self._environment.now(), proof_note(facts, shares_of(evaluation), rules)
        added = (each for each in waiting.reasons if each["rule"] in ADDED and each["rule"] != PROOF)
        reasons = (*map(as_dict, evaluation.reasons), *added, *([as_dict(missing)] if missing else []))
        made = replace(
            waiting,
            own_share_cents=evaluation.own_share_cents,
            covered_cents=evaluation.covered_cents,
            reasons=reasons,
            facts=as_kept(facts),
            prepared_at=now,
            terms=replace(waiting.terms, own_share_changes=evaluation.own_share_changes),
        )
        made = supersede_prepared(store, case, made, waiting.because or "decided_anew", now)
        store.add_decision(made)
        store.set_facts(case.id, made.facts)
        store.set_reasons(case.id, made.reasons)
        return made

    def _less_from_now_on(  # noqa: PLR0917  # all that it is made of
        self, store: ProofStore, me: Member, facts: Facts, applicable: Rules, proven: ProvenFacts, caller: Caller
    ) -> Decision:
        grant, case, now = me.grant, me.case, self._environment.now()
        if grant is None or grant.valid_until is None:
            raise Conflict(NO_GRANT, field="state")
        rules = _rules(store, grant, applicable)
        law, shares = rules.law(case.school_year), worked_out(facts, rules, grant)
        monthly = of_law(law, "own_share.changes_next_month", silent=True)
        today = day_in_berlin(now)
        found = (
            share_difference(decided_shares(grant), shares, grant.valid_until, today, next_month=monthly)
            if shares
            else None
        )
        if found is None or found.worse:
            raise Conflict(NOT_LESS, field="state")
        why = proven_note(proven.benefits, proven.siblings)
        proposal = ShareProposal(found, as_kept(facts), reasons_of(grant, found, why), grant, likely=False, hear=False)
        decision = proposal.decision(me, now)
        if me.waiting is not None:  # another share that waits for a person: it is worked out again on these facts
            store.set_withdrawn(me.waiting.id, "family_changed", now)
        store.add_decision(decision)
        store.set_reasons(case.id, decision.reasons)
        case = replace(case, reasons=decision.reasons)
        release_share_decision(store, authority_of(store, case.authority_id), case, decision, 
                  by=caller.subject, environment=self._environment, responsible=caller.name)  # fmt: skip
        store.family_changed(case.id, now)
        return decision

    def _note(  # noqa: PLR0917  # what the trail holds
        self, store: AuditTrail, case: Case, caller: Caller, seen: Proof, made: Decision | None, now: datetime
    ) -> None:
        """Which benefit it is has no place in the trail."""
        what = [name for name, named in (("benefits", seen.benefits), ("siblings", seen.siblings)) if named]
        first, last = (each.isoformat() if each is not None else None for each in (seen.first, seen.last))
        detail = {"what": what, "decision": str(made.id) if made else None, "from": first, "until": last}
        store.audit(
            authority_id=case.authority_id, subject=caller.subject, act=ActKind.PROOF_RECOGNISED,
            case_id=case.id, now=now, detail=detail,
        )  # fmt: skip


def _proven(facts: Facts, seen: Proof) -> ProvenFacts:
    """By whole months: a share is paid by months, and one that the proof touches is free."""
    told = facts.unproven or UnprovenFacts()
    first = seen.first.replace(day=1) if seen.first else None
    last = month_end(seen.last) if seen.last else None
    if not seen.benefits and not seen.siblings:
        raise Invalid(NOTHING_NAMED, field="benefits")
    if first is not None and last is not None and last < first:
        raise Invalid(DAYS, field="valid_until")
    if not set(seen.benefits) <= set(told.benefits or ()):
        raise Invalid(NOT_TOLD, field="benefits")
    siblings = _named(told.siblings or (), seen.siblings)
    return ProvenFacts(
        tuple(
            each.model_copy(update={"funded": True, "funded_from": first or each.funded_from,
                                    "funded_until": last or each.funded_until})
            for each in siblings
        ),
        seen.benefits,
        first if seen.benefits else None,
        last if seen.benefits else None,
    )  # fmt: skip


def _named(told: Sequence[SiblingFacts], births: Sequence[BirthDate]) -> list[SiblingFacts]:
    left, found = list(told), []
    for birth in births:
        each = next((one for one in left if one.birth_date == birth), None)
        if each is None:
            raise Invalid(NOT_TOLD, field="siblings")
        left.remove(each)
        found.append(each)
    return found


def _rules(store: ProofStore, decision: Decision, applicable: Rules) -> Rules:
    """Those that the decision names."""
    content = store.archived(decision.rules_version)
    return kept_rules(content) if content is not None else applicable
