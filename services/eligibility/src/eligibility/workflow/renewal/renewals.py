"""The change of the school year: every grant in force is carried on, or its family told to apply anew."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import partial
from typing import Protocol

from shared.birth_dates import BirthDate, parse_birth_date
from shared.calendar import SchoolYear, day_in_berlin
from shared.database import Transactions
from shared.errors import Invalid, NotFound, Text
from shared.events import ApplicationSubmitted, AuthorityId, EligibilityApplicationDue, head
from shared.identity import Caller

from eligibility.domain.acts import ActKind
from eligibility.domain.case import Case
from eligibility.domain.decision import Decision
from eligibility.domain.family import Member
from eligibility.domain.ids import CaseId
from eligibility.rules import Rules
from eligibility.rules.findings import Finding, as_dict
from eligibility.workflow.access import own_authority
from eligibility.workflow.decision.decide import Decide
from eligibility.workflow.decision.decided_by_person import rises_with_the_year
from eligibility.workflow.decision.duplicates import doubles_of, put_to_person
from eligibility.workflow.decision.earlier_right import asked_of
from eligibility.workflow.decision.guard import goes_out_by_itself
from eligibility.workflow.decision.prepared import PreparedCase
from eligibility.workflow.decision.release import ReleaseStore, release_decision
from eligibility.workflow.decision.standing import released_decisions
from eligibility.workflow.decision.store_case import NewCaseStore, store_case
from eligibility.workflow.family.family import ties
from eligibility.workflow.family.relations import links
from eligibility.workflow.ports import (
    AuditTrail,
    CaseReader,
    DecisionReader,
    Environment,
    FamilyStore,
    Outbox,
    Records,
)
from eligibility.workflow.renewal.progress import RenewalProgress
from eligibility.workflow.renewal.renewal import (
    CarriedApplication,
    NotCarried,
    apply_until,
    carry_on,
    finding_on_renewal,
    unsure_of,
)

AT_ONCE = 100
NO_YEAR = Text(
    "Ein Schuljahr besteht aus zwei aufeinanderfolgenden Jahren, zum Beispiel 2027/28; möglich ist das laufende "
    "oder das nächste.",
    "A school year is two consecutive years, for example 2027/28; the present or the next one is possible.",
)
NOTHING_HERE = Text("Diesen Schulträger gibt es hier nicht.", "There is no such authority here.")
NOT_SET_UP = Text("Dieser Schulträger ist hier nicht eingerichtet.", "This authority is not set up here.")


class RenewalStore(Protocol):
    """Which grants were carried on."""

    def grants_to_renew(self, authority_id: AuthorityId, school_year: str, limit: int) -> Sequence[CaseId]:
        """Cases of that year with a grant in force that were not looked at yet."""

    def count_to_renew(self, authority_id: AuthorityId, school_year: str) -> int:
        """How many of them there are."""

    def note_renewal(self, case_id: CaseId, school_year: str, outcome: str, now: datetime) -> bool:
        """False where it was looked at already, perhaps by another process a moment ago."""


class GrantQueries(DecisionReader, FamilyStore, CaseReader, Protocol):
    """The store, as a grant of the year before is read from it."""


class DueStore(Outbox, AuditTrail, RenewalStore, Protocol):
    """The store, as a family is told to apply anew."""


class CarryOnStore(NewCaseStore, ReleaseStore, AuditTrail, RenewalStore, Protocol):
    """The store, as a grant is carried on."""


class RenewalsStore(GrantQueries, DueStore, CarryOnStore, Protocol):
    """The store, as all these steps use it."""


@dataclass(frozen=True)
class _Grant:
    case: Case
    decision: Decision
    told: ApplicationSubmitted | None
    left: tuple[BirthDate, ...]
    """Birth dates of siblings that counted and will not have a ticket by what is known here: one for each child."""


@dataclass(frozen=True)
class _NewApplicationDue:
    school_year: str
    until: date
    why: NotCarried


class Renewals:
    """Grant by grant, a transaction each: whatever ends it, the next run goes on, and nothing is done twice.

    `decide` and `records` look at the rules of the new year's first day.
    """

    def __init__(
        self, transactions: Transactions[RenewalsStore], records: Records, decide: Decide, environment: Environment
    ) -> None:
        self._transactions = transactions
        self._records = records
        self._decide = decide
        self._environment = environment

    def may(self, caller: Caller, authority_id: AuthorityId, school_year: str) -> None:
        """A releaser or administrator of that authority; a year that can be prepared.

        Raises:
            Forbidden, NotFound, Invalid.
        """
        if own_authority(caller, "releaser", "administrator") != authority_id:
            raise NotFound(NOTHING_HERE)
        self.check(school_year)

    async def renew(
        self, authority_id: AuthorityId, school_year: str, by: str, progress: Callable[[RenewalProgress], None]
    ) -> RenewalProgress:
        """Prepare the school year for all grants of the year before.

        1. Look the grants up that nobody looked at yet. 2. Carry each on, or not, by the authority's choice, the next
        grade and the rules of the new year; measure its way anew. 3. In a transaction: note it once, keep the case and
        decision of the new year beside the old, tell the family.

        Raises:
            Invalid: for a year that is none.
        """
        self.check(school_year)
        before = str(SchoolYear.parse(school_year).previous)
        rules = await self._records.rules_of(authority_id)
        so_far = RenewalProgress()
        so_far.of = await self._transactions.read(partial(_count, authority_id, before))
        while due := await self._transactions.read(partial(_due, authority_id, before)):  # 1.
            for case_id in due:
                outcome = await self._one(case_id, school_year, rules, by)
                so_far.done += 1
                so_far.outcomes[outcome] += 1
                progress(so_far)
        return so_far

    def check(self, school_year: str) -> None:
        """Raises Invalid for a year that cannot be prepared."""
        present = SchoolYear.of(day_in_berlin(self._environment.now()))
        if school_year not in (str(present), str(present.next)):
            raise Invalid(NO_YEAR, field="school_year")

    async def _one(self, case_id: CaseId, school_year: str, rules: Rules, by: str) -> str:
        grant: _Grant = await self._transactions.read(partial(_read, case_id, school_year, rules))
        # 2.
        law = rules.law(school_year)
        standing = rules.rule_set.choices.approval == "standing"
        result = carry_on(grant.told, grant.decision, school_year, law, standing=standing)
        # 3.
        if isinstance(result, CarriedApplication):
            prepared = await self._decide.prepare(unsure_of(result.event, grant.left))
            return await self._transactions.write(partial(self._carry_on, grant, prepared, by))
        due = _NewApplicationDue(school_year, apply_until(law, school_year), result)
        return await self._transactions.write(partial(self._tell, grant, due, by))

    def _tell(self, grant: _Grant, due: "_NewApplicationDue", by: str, store: DueStore) -> str:
        now = self._environment.now()
        if not store.note_renewal(grant.case.id, due.school_year, due.why, now):
            return "applied"
        store.emit(
            EligibilityApplicationDue(
                **head(grant.case, now),
                decision_id=grant.decision.terms.grant_id or grant.decision.id,
                grant_ends=grant.decision.valid_until or SchoolYear.parse(grant.case.school_year).last_day,
                school_year=due.school_year,
                apply_until=due.until,
                reason=due.why,
            )
        )
        self._note(store, grant.case, ActKind.NOT_CARRIED_ON, by, {"school_year": due.school_year, "reason": due.why})
        return due.why

    def _carry_on(self, grant: _Grant, prepared: PreparedCase, by: str, store: CarryOnStore) -> str:
        """1. Note it once; a family that applied itself is left alone. 2. Keep the case like an application's, with
        what it rests on. 3. Let a grant out where the machine may: what would end is for a person."""
        # 1.
        now, event = self._environment.now(), prepared.event
        found = doubles_of(store, prepared, now)
        applied = any(each.likeness == "certain" and each.near for each in found)
        asked = rises_with_the_year(grant.decision, prepared.decision, prepared.rules)
        barred = [] if _refuses(prepared) else asked_of(store, prepared.case, self._environment.keys, ties(event))
        review = bool(found or asked or barred) or prepared.decision is None
        outcome = "applied" if applied else "review" if review else "carried_on"
        if not store.note_renewal(grant.case.id, event.school_year, outcome, now) or applied:
            return "applied"
        # 2.
        if found:
            prepared = put_to_person(store, prepared, found, now)
        if barred:
            prepared = _to_person(prepared, barred)
        if asked:
            prepared = _to_person(prepared, asked)
        kept = store_case(store, _with_basis(prepared, grant))
        self._note(
            store, grant.case, ActKind.CARRIED_ON, by, {"school_year": event.school_year, "case": str(kept.case.id)}
        )
        if kept.decision is None:
            return "review"
        # 3.
        decided = kept.decision
        if decided.outcome == "granted" and goes_out_by_itself(
            store, kept.policy, kept.authority, kept.case, decided, now
        ):
            release_decision(store, kept.authority, kept.case, kept.decision, by="rules", environment=self._environment)
        return "carried_on"

    def _note(self, store: AuditTrail, case: Case, act: ActKind, by: str, detail: dict[str, str]) -> None:
        store.audit(
            authority_id=case.authority_id,
            subject=by,
            act=act,
            case_id=case.id,
            now=self._environment.now(),
            detail=detail,
        )


def _to_person(prepared: PreparedCase, asked: Sequence[Finding]) -> PreparedCase:
    """With what was measured."""
    routes = prepared.decision.routes if prepared.decision is not None else prepared.case.routes
    reasons = (*map(as_dict, asked), *prepared.case.reasons)
    return replace(prepared, case=replace(prepared.case, state="review", reasons=reasons, routes=routes), decision=None)


def _refuses(prepared: PreparedCase) -> bool:
    return prepared.decision is not None and prepared.decision.outcome == "refused"


def _with_basis(prepared: PreparedCase, grant: _Grant) -> PreparedCase:
    """That it carries the grant on, and that no new application was needed."""
    basis = as_dict(finding_on_renewal(prepared.event.school_year, prepared.event.grade))
    case = replace(prepared.case, reasons=(*prepared.case.reasons, basis))
    if prepared.decision is None:
        return replace(prepared, case=case)
    terms = replace(prepared.decision.terms, carries_on=grant.decision.terms.grant_id or grant.decision.id)
    decision = replace(prepared.decision, reasons=case.reasons, terms=terms)
    return replace(prepared, case=case, decision=decision)


def _count(authority_id: AuthorityId, school_year: str, store: RenewalStore) -> int:
    return store.count_to_renew(authority_id, school_year)


def _due(authority_id: AuthorityId, school_year: str, store: RenewalStore) -> Sequence[CaseId]:
    return store.grants_to_renew(authority_id, school_year, AT_ONCE)


def _read(case_id: CaseId, school_year: str, rules: Rules, store: GrantQueries) -> _Grant:
    case = store.case(case_id)
    if case is None:
        raise NotFound(NOT_SET_UP)
    granted = [each for each in released_decisions(store, case) if each.outcome == "granted"]
    members = store.family_of(case_id) if case.facts.get("siblings") else ()
    me = next((each for each in members if each.case.id == case_id), None)
    siblings = [other for other, how in links(me, members) if how == "certain"] if me is not None else []
    left = tuple(
        parse_birth_date(other.birth)
        for other in siblings
        if other.birth is not None and _leaves(other, school_year, rules, store)
    )
    return _Grant(case, granted[-1], store.told_of(case_id), left)


def _leaves(member: Member, school_year: str, rules: Rules, store: GrantQueries) -> bool:
    """A sibling with a ticket in the old year whose grant is not carried on."""
    if member.grant is None:
        return False
    told = store.told_of(member.case.id)
    result = carry_on(told, member.grant, school_year, rules.law(school_year), standing=True)
    return not isinstance(result, CarriedApplication)
