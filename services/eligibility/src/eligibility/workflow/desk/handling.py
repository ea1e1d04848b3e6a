"""What a person does with a case before it is decided: take it, ask the family, propose another decision."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Protocol
from uuid import uuid4

from shared.calendar import day_in_berlin
from shared.database import Transactions
from shared.errors import Conflict, Invalid, Text
from shared.identity import Caller

from eligibility.domain.acts import ActKind, Detail
from eligibility.domain.case import Case, CaseState, must_be
from eligibility.domain.desk import Proposal, Question
from eligibility.domain.ids import CaseId, QuestionId
from eligibility.domain.second_person import waits_for_second
from eligibility.rules import Rules
from eligibility.workflow.access import ANOTHER_HAS_IT, READERS, authority_of, free_for, own_authority, own_case
from eligibility.workflow.decision.ask_first import AskFirstStore, ask_first
from eligibility.workflow.decision.questions import question_asked
from eligibility.workflow.decision.release import ReleaseStore, release_decision, supersede_prepared
from eligibility.workflow.decision.same_child import SameChildStore, say_of_child
from eligibility.workflow.desk.persons_decision import (
    PersonsDecision,
    by_person,
    decision_from_json,
    reason_of_revision,
)
from eligibility.workflow.desk.proposing import put_proposal
from eligibility.workflow.desk_ports import ProposalStore
from eligibility.workflow.ports import (
    AuditTrail,
    AuthorityReader,
    CaseReader,
    DecisionReader,
    Environment,
    Outbox,
    QuestionReader,
    QuestionWriter,
    Records,
)

LONGEST_WAIT = timedelta(days=183)
HEARD: tuple[CaseState, ...] = ("granted",)
"""A family can be heard before anything else is decided."""
WORKERS = ("case_worker", "releaser")
DUE = Text(
    "Die Frist muss nach heute liegen und höchstens ein halbes Jahr entfernt sein.",
    "The date must lie after today and at most half a year ahead.",
)
NONE_WAITS = Text("Für diesen Fall ist nichts vorgeschlagen.", "Nothing is proposed for this case.")
TWO_PEOPLE = Text(
    "Den Vorschlag muss eine zweite Person bestätigen.", "The proposal must be confirmed by a second person."
)
NOT_YOURS = Text("Sie haben diesen Fall nicht übernommen.", "You have not taken this case.")


@dataclass(frozen=True)
class QuestionDraft:
    """What to ask the family for."""

    text: str
    text_en: str
    due: date
    hearing: bool = False
    """A grant is to end or to become less: what does the family say to that (§ 28 VwVfG NRW)?"""


class AssignStore(CaseReader, AuditTrail, Protocol):
    """The store, as a case is taken and given back in it."""

    def assign(self, case_id: CaseId, subject: str | None, now: datetime) -> None:
        """Give the case to a person, by the OIDC subject; None takes it from whoever has it."""


class AskStore(Outbox, QuestionWriter, CaseReader, AuditTrail, Protocol):
    """The store, as a family is asked."""


class ProposeStore(DecisionReader, QuestionReader, ProposalStore, AuthorityReader, CaseReader, AuditTrail, Protocol):
    """The store, as another decision is proposed in it, or dropped."""


class ConfirmStore(
    ReleaseStore, AskFirstStore, SameChildStore, ProposalStore, AuthorityReader, CaseReader, AuditTrail, Protocol
):
    """The store, as a proposal is confirmed in it."""


class HandlingStore(AssignStore, AskStore, ConfirmStore, Protocol):
    """The store, as all these steps use it."""


class CaseHandling:
    """Acts on one case of the own authority. Each is kept in the audit trail."""

    def __init__(self, transactions: Transactions[HandlingStore], records: Records, environment: Environment) -> None:
        self._transactions = transactions
        self._records = records
        self._environment = environment

    async def take(self, caller: Caller, case_id: CaseId) -> None:
        """Raises Conflict where another person has it. Again changes nothing."""
        authority_id = own_authority(caller, *WORKERS)

        def step(store: AssignStore) -> None:
            case = own_case(store, case_id, authority_id)
            must_be(case, "review", "prepared", "granted", "refused")
            free_for(case, caller.subject)
            if case.assigned_to is None:
                store.assign(case.id, caller.subject, self._environment.now())
                self._note(store, case, caller, ActKind.TAKEN)

        await self._transactions.write(step)

    async def give_back(self, caller: Caller, case_id: CaseId) -> None:
        """Who has it, or an administrator who may read cases, where the person is away."""
        authority_id = own_authority(caller, *READERS)

        def step(store: AssignStore) -> None:
            case = own_case(store, case_id, authority_id)
            if case.assigned_to is None:
                raise Conflict(NOT_YOURS, field="assigned_to")
            if case.assigned_to != caller.subject and "administrator" not in caller.roles:
                raise Conflict(ANOTHER_HAS_IT, field="assigned_to")
            store.assign(case.id, None, self._environment.now())
            self._note(store, case, caller, ActKind.GIVEN_BACK, {"from": case.assigned_to})

        await self._transactions.write(step)

    async def ask(self, caller: Caller, case_id: CaseId, asked: QuestionDraft) -> QuestionId:
        """Ask the family for something missing, until a day.

        Raises:
            Invalid: for a day that cannot be kept.
        """
        authority_id = own_authority(caller, "case_worker")
        now = self._environment.now()
        today = day_in_berlin(now)
        question_id = QuestionId(uuid4())

        def step(store: AskStore) -> None:
            case = own_case(store, case_id, authority_id)
            must_be(case, "review", "prepared", *(HEARD if asked.hearing else ()))
            free_for(case, caller.subject)
            if not today < asked.due <= today + LONGEST_WAIT:
                raise Invalid(DUE, field="due")
            said = asked.text, asked.text_en, asked.due
            question = Question(question_id, case.id, now, caller.subject, *said, hearing=asked.hearing)
            store.ask(question)
            store.emit(question_asked(case, question))
            act = ActKind.HEARD if asked.hearing else ActKind.ASKED
            self._note(store, case, caller, act, {"question": str(question_id), "due": asked.due.isoformat()})

        await self._transactions.write(step)
        return question_id

    async def propose(self, caller: Caller, case_id: CaseId, decided: PersonsDecision) -> None:
        """Propose to override what the rules decided. Nothing changes until a second person confirms it."""
        authority_id = own_authority(caller, "case_worker")
        applicable = await self._rules(caller)

        def step(store: ProposeStore) -> None:
            case = own_case(store, case_id, authority_id)
            must_be(case, "prepared", "granted", "refused")
            free_for(case, caller.subject)
            now = self._environment.now()
            made = by_person(case, decided, caller.subject, applicable, {}, now)
            put_proposal(store, case, decided, made, caller.subject, now)

        await self._transactions.write(step)

    async def confirm(self, caller: Caller, case_id: CaseId) -> None:
        """The second of two people: the override is decided and let out.

        Raises:
            Conflict: for the first alone, unless the authority lets one person do it.
        """
        authority_id = own_authority(caller, *WORKERS)
        applicable = await self._rules(caller)

        def step(store: ConfirmStore) -> None:
            case, proposal = self._proposed(store, case_id, caller)
            must_be(case, "review", "prepared", "granted", "refused")
            decided, authority = decision_from_json(proposal.content), authority_of(store, authority_id)
            waits = waits_for_second(authority.second_person_for, decided.outcome, against_rules=True)
            if waits and proposal.proposed_by == caller.subject:
                raise Conflict(TWO_PEOPLE, field="override")
            now = self._environment.now()
            measured = store.decision_of(case.id)
            in_review = case.state == "review"
            routes = measured.routes if measured and not in_review else case.routes
            made = by_person(case, decided, proposal.proposed_by, applicable, routes, now)
            decision = supersede_prepared(
                store, case, made, reason_of_revision(case) if in_review else "decided_anew", now
            )
            store.add_decision(decision)
            store.close_proposals(case.id, "confirmed", caller.subject, now)
            if decision.outcome == "granted":
                say_of_child(store, case, decided.same_child, self._environment.keys, now)
            release_decision(
                store, authority, case, decision,
                by=caller.subject, environment=self._environment, ending=decided.ending, responsible=caller.name,
            )  # fmt: skip
            detail = {"proposal": str(proposal.id), "decision": str(decision.id), "outcome": decided.outcome}
            self._note(store, case, caller, ActKind.OVERRIDE_CONFIRMED, detail)

        await ask_first(self._transactions, self._environment, caller.subject, step)

    async def drop(self, caller: Caller, case_id: CaseId) -> None:
        """Take a proposal from the table: its proposer, or who would have had to confirm it."""
        own_authority(caller, *WORKERS)

        def step(store: ProposeStore) -> None:
            case, proposal = self._proposed(store, case_id, caller)
            store.close_proposals(case.id, "dropped", caller.subject, self._environment.now())
            self._note(store, case, caller, ActKind.OVERRIDE_DROPPED, {"proposal": str(proposal.id)})

        await self._transactions.write(step)

    def _proposed(self, store: ProposeStore, case_id: CaseId, caller: Caller) -> tuple[Case, Proposal]:
        case = own_case(store, case_id, own_authority(caller, *WORKERS))
        proposal = store.proposal_of(case.id)
        if proposal is None:
            raise Conflict(NONE_WAITS, field="override")
        return case, proposal

    async def _rules(self, caller: Caller) -> Rules:
        return await self._records.rules_of(own_authority(caller, *WORKERS))

    def _note(self, store: AuditTrail, case: Case, caller: Caller, act: ActKind, detail: Detail | None = None) -> None:
        store.audit(
            authority_id=case.authority_id,
            subject=caller.subject,
            act=act,
            case_id=case.id,
            now=self._environment.now(),
            detail=detail,
        )
