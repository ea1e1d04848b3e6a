"""What a person of the authority does with cases: look, release, decide. Every act is kept for the auditor."""

from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any
from uuid import uuid4

from shared.errors import Forbidden, Invalid, NotFound, Text
from shared.events import AuthorityId
from shared.identity import Caller

from eligibility import rules
from eligibility.domain import (
    ApplicationId,
    Authority,
    Case,
    CaseId,
    CaseState,
    Decision,
    DecisionId,
    FinalOutcome,
    must_be,
)
from eligibility.rules.cost import own_share
from eligibility.workflow.ports import Book, Page, Records, Shelf, Surroundings, Transactions
from eligibility.workflow.release import let_out

READERS = ("case_worker", "releaser", "administrator")
MOST_AT_ONCE = 200
"""Bulk release: one transaction stays short; what is left is told and can be released by asking again."""
NOTHING_HERE = Text("Diesen Fall gibt es hier nicht.", "There is no such case here.")
NO_AUTHORITY = Text("Ihr Zugang gehört zu keinem Schulträger.", "Your account belongs to no school authority.")


@dataclass(frozen=True)
class PersonsDecision:
    """What a person decides in a case that the rules could not."""

    outcome: FinalOutcome
    reason: str
    legal_basis: str
    valid_from: date | None = None
    own_share_cents: int | None = None
    """Needed for a grant where the facts do not give it."""


@dataclass(frozen=True)
class Released:
    released: int
    left: int


class CaseDesk:
    """Cases for people. Who belongs to another authority gets the answer of one that is not there."""

    def __init__(self, transactions: Transactions, records: Records, surroundings: Surroundings) -> None:
        self._transactions = transactions
        self._records = records
        self._around = surroundings

    async def page(
        self, caller: Caller, state: CaseState | None, application_id: ApplicationId | None, *, limit: int, offset: int
    ) -> Page:
        authority_id = own_authority(caller, *READERS)

        def query(shelf: Shelf) -> Page:
            return shelf.page(authority_id, state, application_id, limit, offset)

        return await self._transactions.read(query)

    async def show(self, caller: Caller, case_id: CaseId) -> tuple[Case, Decision | None]:
        authority_id = own_authority(caller, *READERS)

        def query(shelf: Shelf) -> tuple[Case, Decision | None]:
            case = _own(shelf.case(case_id), authority_id)
            return case, shelf.decision_of(case.id)

        return await self._transactions.read(query)

    async def release(self, caller: Caller, case_id: CaseId) -> None:
        """Let a prepared decision out, by this person."""
        authority_id = own_authority(caller, "case_worker", "releaser")
        await self._transactions.write(partial(self._release_one, case_id, authority_id, caller.subject))

    async def release_clear_grants(self, caller: Caller) -> Released:
        """Let out the prepared grants that the rules decided, oldest first, at most MOST_AT_ONCE."""
        authority_id = own_authority(caller, "case_worker", "releaser")

        def step(book: Any) -> Released:
            shelf: Shelf = book
            waiting = shelf.clear_grants(authority_id, MOST_AT_ONCE)
            for case_id in waiting:
                self._release_one(case_id, authority_id, caller.subject, book)
            return Released(len(waiting), shelf.page(authority_id, "prepared", None, 1, 0).total)

        return await self._transactions.write(step)

    async def decide(self, caller: Caller, case_id: CaseId, decided: PersonsDecision) -> None:
        """Decide a case of review, with a reason; the decision is released by the same act."""
        authority_id = own_authority(caller, "case_worker")
        await self.show(caller, case_id)  # whoever may not see it gets the answer of a case that is not there
        applicable = await self._records.rules_of(authority_id)

        def step(book: Book) -> None:
            case = _own(book.case(case_id), authority_id)
            must_be(case, "review")
            decision = self._by_person(case, caller.subject, decided, applicable)
            book.add_decision(decision)
            let_out(book, _authority(book, authority_id), case, decision, by=caller.subject, around=self._around)
            act = f"decided: {decided.outcome}"
            book.audit(
                authority_id=authority_id, subject=caller.subject, act=act, case_id=case.id, now=self._around.now()
            )

        await self._transactions.write(step)

    def _release_one(self, case_id: CaseId, authority_id: AuthorityId, subject: str, book: Book) -> None:
        case = _own(book.case(case_id), authority_id)
        must_be(case, "prepared")
        decision = book.decision_of(case.id)
        if decision is None:
            raise NotFound(NOTHING_HERE)
        let_out(book, _authority(book, authority_id), case, decision, by=subject, around=self._around)
        book.audit(authority_id=authority_id, subject=subject, act="released", case_id=case.id, now=self._around.now())

    def _by_person(self, case: Case, subject: str, decided: PersonsDecision, applicable: rules.Rules) -> Decision:
        """The rules' findings stay in the reasons; the person's reason answers the questions and comes first."""
        facts = rules.Facts.model_validate_json(rules.canonical_json(case.facts))
        evaluation = rules.evaluate(facts, applicable)
        first, last = self._period(case, decided) if decided.outcome == "granted" else (None, None)
        answer = {
            "rule": "person",
            "result": "met" if decided.outcome == "granted" else "not_met",
            "legal_basis": decided.legal_basis,
            "text": decided.reason,
            "text_en": "",
        }
        tested = case.ways.get("nearest") or case.ways.get("attended")
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
            ways=case.ways,
            decided_by=subject,
            prepared_at=self._around.now(),
        )

    def _period(self, case: Case, decided: PersonsDecision) -> tuple[date, date]:
        begins, ends = rules.span(case.school_year)
        wanted = decided.valid_from or max(begins, date.fromisoformat(case.submission["wanted_from"]))
        if not begins <= wanted <= ends:
            raise Invalid(
                Text("Der Beginn muss im Schuljahr liegen.", "The start must lie within the school year."),
                field="valid_from",
            )
        return wanted, ends


def own_authority(caller: Caller, *roles: str) -> AuthorityId:
    """The caller's authority. Raises Forbidden without one of the roles or without an authority."""
    caller.require(*roles)
    if caller.authority_id is None:
        raise Forbidden(NO_AUTHORITY)
    return caller.authority_id


def _own(case: Case | None, authority_id: AuthorityId) -> Case:
    """Not there and not yours are the same answer."""
    if case is None or case.authority_id != authority_id:
        raise NotFound(NOTHING_HERE)
    return case


def _authority(book: Book, authority_id: AuthorityId) -> Authority:
    authority = book.authority(authority_id)
    if authority is None:
        raise NotFound(NOTHING_HERE)
    return authority


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


__all__ = ["CaseDesk", "PersonsDecision", "Released", "own_authority"]
