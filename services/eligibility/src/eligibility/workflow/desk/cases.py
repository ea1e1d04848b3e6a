"""What a person of the authority does with cases: look, release, decide. Every act is kept for the auditor."""

from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from typing import Protocol

from shared.calendar import day_in_berlin
from shared.database import Transactions
from shared.errors import Conflict, NotFound, Text
from shared.events import AuthorityId
from shared.identity import Caller

from eligibility.domain.acts import DECIDED, ActKind
from eligibility.domain.authority import Authority
from eligibility.domain.case import Case, must_be
from eligibility.domain.decision import Decision
from eligibility.domain.ending import Ending
from eligibility.domain.ids import CaseId
from eligibility.domain.second_person import waits_for_second
from eligibility.workflow.access import NOTHING_HERE, READERS, authority_of, free_for, own_authority, own_case
from eligibility.workflow.case_queries import CaseFileQueries, CaseFilter, CaseQueries, Page
from eligibility.workflow.decision.ask_first import AskFirstStore, ask_first, put_question
from eligibility.workflow.decision.awaited_school import release_waits
from eligibility.workflow.decision.duplicates import doubles_of_case
from eligibility.workflow.decision.earlier_right import asked_of, untold
from eligibility.workflow.decision.release import ReleaseStore, release_decision, supersede_prepared
from eligibility.workflow.decision.same_child import SameChildStore, say_of_child
from eligibility.workflow.desk.against_rules import is_against_rules
from eligibility.workflow.desk.case_file import CaseFile, read_file
from eligibility.workflow.desk.persons_decision import (
    PersonsDecision,
    by_person,
    decision_from_json,
    reason_of_revision,
)
from eligibility.workflow.desk.proposing import put_proposal
from eligibility.workflow.desk.work_list import Pile, PileQueries
from eligibility.workflow.desk_ports import ProposalStore
from eligibility.workflow.ports import AuditTrail, AuthorityReader, CaseReader, ChildStore, Environment, Records

MOST_AT_ONCE = 200
"""Bulk release: one transaction stays short; what is left is told and can be released by asking again."""

OVERRIDE_WAITS = Text(
    "Für diesen Fall ist eine andere Entscheidung vorgeschlagen. Bitte erst bestätigen oder verwerfen.",
    "Another decision has been proposed for this case. Please confirm or drop it first.",
)


@dataclass(frozen=True)
class ReleaseCount:
    released: int
    left: int
    """What this person could release by asking again; not what waits for a single look."""


class LookStore(CaseFileQueries, CaseReader, CaseQueries, PileQueries, Protocol):
    """The store, as cases are looked at."""


class ReleaseOneStore(
    ReleaseStore, AskFirstStore, SameChildStore, ProposalStore, AuthorityReader, CaseReader, AuditTrail, Protocol
):
    """The store, as a person lets a decision out in it."""


class ReleaseManyStore(ReleaseOneStore, CaseQueries, Protocol):
    """The store, as a person lets many decisions out in it."""


class CaseDeskStore(LookStore, ReleaseManyStore, Protocol):
    """The store, as all these steps use it."""


class CaseDesk:
    """Cases for people. Who belongs to another authority gets the answer of one that is not there."""

    def __init__(self, transactions: Transactions[CaseDeskStore], records: Records, environment: Environment) -> None:
        self._transactions = transactions
        self._records = records
        self._environment = environment

    async def page(self, caller: Caller, wanted: CaseFilter, *, overdue: bool = False, limit: int, offset: int) -> Page:
        """Cases of the own authority.

        Args:
            overdue: only those whose family has not answered in time.
        """
        authority_id = own_authority(caller, *READERS)
        if overdue:
            wanted = replace(wanted, overdue_on=self.today())

        def query(store: CaseQueries) -> Page:
            return store.page(authority_id, wanted, limit, offset)

        return await self._transactions.read(query)

    async def counts(self, caller: Caller, *, mine: bool = False) -> dict[Pile, int]:
        """How many cases lie on each pile, as this person sees them."""
        authority_id = own_authority(caller, *READERS)

        def query(store: PileQueries) -> dict[Pile, int]:
            return store.pile_counts(authority_id, caller.subject, self.today(), mine=mine)

        return await self._transactions.read(query)

    def today(self) -> date:
        """The calendar day of the law."""
        return day_in_berlin(self._environment.now())

    async def show(self, caller: Caller, case_id: CaseId) -> tuple[Case, Decision | None]:
        """The case and its latest decision.

        Raises:
            NotFound: for a case of another authority.
        """
        authority_id = own_authority(caller, *READERS)

        def query(store: LookStore) -> tuple[Case, Decision | None]:
            case = own_case(store, case_id, authority_id)
            return case, store.decision_of(case.id)

        return await self._transactions.read(query)

    async def file(self, caller: Caller, case_id: CaseId) -> CaseFile:
        """All that is kept of a case."""
        authority_id = own_authority(caller, *READERS)

        def query(store: LookStore) -> CaseFile:
            case = own_case(store, case_id, authority_id)
            return read_file(store, case, self._environment.now(), self._environment.application_url)

        return await self._transactions.read(query)

    async def release(self, caller: Caller, case_id: CaseId, ending: Ending | None = None) -> None:
        """Let a prepared decision out, by this person.

        Args:
            ending: what is said of a grant that ends by it; None where the case is one of many, which no such decision
                goes out among.
        """
        authority_id = own_authority(caller, "case_worker", "releaser")
        step = partial(self._release_one, case_id, authority_id, caller, ending)
        await ask_first(self._transactions, self._environment, caller.subject, step)

    async def proposed(self, caller: Caller, file: CaseFile) -> Decision | None:
        """What waits for a second person, as the decision that it will be; None where nothing waits."""
        if file.proposal is None:
            return None
        applicable = await self._records.rules_of(own_authority(caller, *READERS))
        routes = file.decision.routes if file.decision else file.case.routes
        decided = decision_from_json(file.proposal.content)
        return by_person(file.case, decided, file.proposal.proposed_by, applicable, routes, self._environment.now())

    async def release_clear_grants(self, caller: Caller) -> ReleaseCount:
        """Let out the prepared grants that the rules decided, oldest first, at most MOST_AT_ONCE."""
        authority_id = own_authority(caller, "case_worker", "releaser")

        def step(store: ReleaseManyStore) -> ReleaseCount:
            waiting, asked = store.clear_grants(authority_id, caller.subject, MOST_AT_ONCE), list[Case]()
            authority = authority_of(store, authority_id)
            single = 0  # a child that has a ticket by now, or whose right was revoked, waits for a look of its own
            for case_id in waiting:
                case = own_case(store, case_id, authority_id)
                if self._has_ticket(store, case) or _awaits_school(store, authority, case):
                    single += 1
                    continue
                if untold(store, case, caller.subject, self._environment.keys):
                    asked.append(case)
                    continue
                self._release_one(case_id, authority_id, caller, None, store)
            for case in asked:
                put_question(
                    store, case, asked_of(store, case, self._environment.keys), self._environment, caller.subject
                )
            left = store.count_clear_grants(authority_id, caller.subject) - single
            return ReleaseCount(len(waiting) - single - len(asked), left)

        return await self._transactions.write(step)

    async def decide(self, caller: Caller, case_id: CaseId, decided: PersonsDecision) -> None:
        """Decide a case of review, with a reason; the decision is released by the same act. One that goes against what
        the rules found, whatever is answered to what they asked, waits for a second person instead, and so does what
        else the authority has chosen."""
        authority_id = own_authority(caller, "case_worker")
        await self.show(caller, case_id)  # whoever may not see it gets the answer of a case that is not there
        applicable = await self._records.rules_of(authority_id)

        def step(store: ReleaseOneStore) -> None:
            case = own_case(store, case_id, authority_id)
            must_be(case, "review")
            free_for(case, caller.subject)
            if store.proposal_of(case.id) is not None:
                raise Conflict(OVERRIDE_WAITS, field="override")
            now = self._environment.now()
            decision = by_person(case, decided, caller.subject, applicable, case.routes, now)
            authority, against = authority_of(store, authority_id), is_against_rules(case, decided, applicable)
            if waits_for_second(authority.second_person_for, decided.outcome, against_rules=against):
                put_proposal(store, case, decided, decision, caller.subject, now)
                return
            decision = supersede_prepared(store, case, decision, reason_of_revision(case), now)
            store.add_decision(decision)
            if decision.outcome == "granted":
                say_of_child(store, case, decided.same_child, self._environment.keys, now)
            release_decision(
                store, authority, case, decision,
                by=caller.subject, environment=self._environment, ending=decided.ending, responsible=caller.name,
            )  # fmt: skip
            store.audit(
                authority_id=authority_id,
                subject=caller.subject,
                act=DECIDED[decided.outcome],
                case_id=case.id,
                now=now,
                detail={"decision": str(decision.id)},
            )

        await ask_first(self._transactions, self._environment, caller.subject, step)

    def _has_ticket(self, store: ChildStore, case: Case) -> bool:
        found = doubles_of_case(store, case, self._environment.keys, self._environment.now())
        return any(each.has_ticket for each in found)

    def _release_one(
        self, case_id: CaseId, authority_id: AuthorityId, caller: Caller, ending: Ending | None, store: ReleaseOneStore
    ) -> None:
        case = own_case(store, case_id, authority_id)
        must_be(case, "prepared")
        free_for(case, caller.subject)
        if store.proposal_of(case.id) is not None:
            raise Conflict(OVERRIDE_WAITS, field="override")
        decision = store.decision_of(case.id)
        if decision is None:
            raise NotFound(NOTHING_HERE)
        authority = authority_of(store, authority_id)
        if decision.outcome == "granted":
            say_of_child(store, case, None, self._environment.keys, self._environment.now())
        release_decision(
            store, authority, case, decision,
            by=caller.subject, environment=self._environment, ending=ending, responsible=caller.name,
        )  # fmt: skip
        store.audit(
            authority_id=authority_id,
            subject=caller.subject,
            act=ActKind.RELEASED,
            case_id=case.id,
            now=self._environment.now(),
            detail={"decision": str(decision.id)},
        )


def _awaits_school(store: ReleaseManyStore, authority: Authority, case: Case) -> bool:
    last = store.decision_of(case.id)
    return last is not None and release_waits(store, authority, case, last)


__all__ = ["CaseDesk", "PersonsDecision", "ReleaseCount"]
