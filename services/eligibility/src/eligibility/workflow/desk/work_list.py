"""What an authority's people have to do: cases by what they wait for, the longest waiting first."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Literal, Protocol, get_args

from shared.calendar import day_in_berlin
from shared.database import Transactions
from shared.errors import Forbidden, Invalid, Text
from shared.events import AuthorityId
from shared.identity import OF_AUTHORITY, Caller

from eligibility.domain.attendance import KnownAttendance
from eligibility.domain.case import Case
from eligibility.domain.decision import Decision
from eligibility.domain.desk import ProposedDecision
from eligibility.domain.ids import CaseId
from eligibility.domain.name_search import search_words
from eligibility.rules import Evaluation, canonical_json, evaluate, read
from eligibility.workflow.access import NO_AUTHORITY, READERS, own_authority
from eligibility.workflow.decision.guard import GuardStore, Stake, at_stake
from eligibility.workflow.ports import (
    AuthorityReader,
    CaseReader,
    DecisionReader,
    Environment,
    QuestionReader,
    Records,
)

Pile = Literal["review", "messages", "prepared", "confirm", "waiting", "all"]
"""review: a person must answer a question, or look at what the family said when it was heard, or it was asked and its
day has passed. messages: the family has written or sent something, in whatever state the case is, and nobody has looked
at it. prepared: waits for release. confirm: another decision is proposed, and this person may be the second of two.
waiting: the family was asked."""
PILES: tuple[Pile, ...] = get_args(Pile)
MOST_FOUND = 100
WORK_PILES: tuple[Pile, ...] = ("review", "messages", "prepared", "confirm")
"""Piles with something to do, in the order in which a person's next case is taken from them."""
NUMBER = re.compile(r"[0-9a-fA-F][0-9a-fA-F-]{5,35}")
TOO_SHORT = Text(
    "Bitte geben Sie mindestens zwei Zeichen ein: einen Namen oder den Anfang einer Fallnummer.",
    "Please enter at least two characters: a name, or the beginning of a case number.",
)


@dataclass(frozen=True)
class Entry:
    """A line of the list. `asked_until`: until when the family was asked for something that it has not answered."""

    case: Case
    decision: Decision | None
    asked_until: date | None
    proposed_by: str | None = None
    """Who has proposed another decision, which waits for a second person."""
    proposed: ProposedDecision | None = None
    """What is proposed, as the proposal keeps it."""
    proposed_at: datetime | None = None
    stake: Stake | None = None
    """What the family would lose by the decision that is prepared."""
    unread: int = 0
    """How many messages and documents of the family nobody has looked at."""
    unread_documents: int = 0
    """How many of them are documents."""
    look_by: date | None = None
    """By when the first of them must be."""
    told_at: datetime | None = None
    """When the first of them came."""
    attendance: KnownAttendance | None = None
    """What the school says, or does not say, where a person has to look at it."""
    found_by: str = ""
    """Of a search: whose name it was (child, addressee), or whose number (case, application, decision)."""


@dataclass(frozen=True)
class PileQuery:
    """A page of a pile. `mine`: only cases that this person has taken. `free_for`: only those on which that one may
    work."""

    pile: Pile
    mine: bool = False
    newest: bool = False
    limit: int = 50
    offset: int = 0
    free_for: str | None = None


@dataclass(frozen=True)
class Listing:
    """A page of one pile. `counts`: how many cases lie on each; of all cases, MOST_COUNTED at most are counted."""

    entries: Sequence[Entry]
    counts: dict[Pile, int]
    total: int
    today: date
    now: datetime


class PileQueries(Protocol):
    def pile_counts(self, authority_id: AuthorityId, subject: str, today: date, *, mine: bool) -> dict[Pile, int]:
        """As this person sees them.

        Args:
            mine: only of cases that it has taken.
        """


class WorkListQueries(DecisionReader, QuestionReader, AuthorityReader, CaseReader, PileQueries, Protocol):
    """The store, as the list reads it."""

    def pile(self, authority_id: AuthorityId, which: PileQuery, subject: str, today: date) -> Sequence[Entry]:
        """A page of one pile, the longest waiting first, with `newest` last."""

    def by_number(self, authority_id: AuthorityId, beginning: str, limit: int) -> Sequence[Entry]:
        """Whose case, application or decision has a number that begins so."""

    def by_name(self, authority_id: AuthorityId, words: Sequence[str], limit: int) -> Sequence[Entry]:
        """Whose child or addressee bears all these words (domain.name_search) in their names."""

    def these(self, authority_id: AuthorityId, case_ids: Sequence[CaseId]) -> Sequence[Entry]:
        """Those of these cases that belong to the authority."""


class WorkList:
    """Only cases of the own authority."""

    def __init__(self, transactions: Transactions[WorkListQueries], records: Records, environment: Environment) -> None:
        self._transactions = transactions
        self._records = records
        self._environment = environment

    async def page(  # what a page of a list is made of
        self, caller: Caller, pile: Pile, *, mine: bool = False, newest: bool = False, limit: int, offset: int
    ) -> Listing:
        """The longest waiting first, unless `newest`."""
        authority_id, today = own_authority(caller, *READERS), self._today()
        which = PileQuery(pile, mine, newest, limit, offset)

        def query(store: WorkListQueries) -> Listing:
            counts = store.pile_counts(authority_id, caller.subject, today, mine=mine)
            found = store.pile(authority_id, which, caller.subject, today)
            return self._listing(store, found, counts, counts[pile])

        return await self._transactions.read(query)

    async def next_case(self, caller: Caller, pile: Pile, after: CaseId | None) -> CaseId | None:
        """What this person takes up next: of the pile it works on, then of the others; not the case it comes from, nor
        what another person has taken. None: nothing is left."""
        authority_id, today = own_authority(caller, *READERS), self._today()

        def query(store: WorkListQueries) -> CaseId | None:
            for each in dict.fromkeys((pile, *WORK_PILES) if pile in WORK_PILES else WORK_PILES):
                which = PileQuery(each, limit=2, free_for=caller.subject)
                found = store.pile(authority_id, which, caller.subject, today)
                if case_id := next((entry.case.id for entry in found if entry.case.id != after), None):
                    return case_id
            return None

        return await self._transactions.read(query)

    async def find(self, caller: Caller, text: str) -> Listing:
        """By the beginning of a number, else by names.

        Raises:
            Invalid: for too little.
        """
        authority_id = own_authority(caller, *READERS)
        wanted = text.strip()
        if len(wanted) < 2:
            raise Invalid(TOO_SHORT, field="search")
        number = wanted.rpartition("/")[2].strip()  # a notice's reference is «2026/27 / 1A2B3C4D»

        def query(store: WorkListQueries) -> Listing:
            found: Sequence[Entry] = []
            if NUMBER.fullmatch(number):
                found = store.by_number(authority_id, number.lower(), MOST_FOUND + 1)
            if not found:
                found = store.by_name(authority_id, search_words(wanted), MOST_FOUND + 1)
            counts = store.pile_counts(authority_id, caller.subject, self._today(), mine=False)
            return self._listing(store, found[:MOST_FOUND], counts, len(found))

        return await self._transactions.read(query)

    async def authority_name(self, caller: Caller) -> str:
        """Raises Forbidden for who belongs to no authority, or to one that is not set up here."""
        authority_id = own_authority(caller, *OF_AUTHORITY)

        def query(store: WorkListQueries) -> str:
            found = store.authority(authority_id)
            if found is None:
                raise Forbidden(NO_AUTHORITY)
            return found.name

        return await self._transactions.read(query)

    async def computed(self, caller: Caller, case: Case) -> Evaluation | None:
        """What the rules in force say to the case's facts today: limit and own share while a person decides."""
        applicable = await self._records.rules_of(own_authority(caller, *READERS))
        try:
            return evaluate(read(canonical_json(case.facts)), applicable)
        except Invalid:
            return None

    async def these(self, caller: Caller, case_ids: Sequence[CaseId]) -> Sequence[Entry]:
        """Those of them that are the own authority's, in the order asked for."""
        authority_id = own_authority(caller, *READERS)

        def query(store: WorkListQueries) -> Sequence[Entry]:
            today = day_in_berlin(self._environment.now())
            found = {entry.case.id: _with_stake(store, entry, today) for entry in store.these(authority_id, case_ids)}
            return [found[each] for each in case_ids if each in found]

        return await self._transactions.read(query)

    def _today(self) -> date:
        return day_in_berlin(self._environment.now())

    def _listing(self, store: GuardStore, entries: Sequence[Entry], counts: dict[Pile, int], total: int) -> Listing:
        now = self._environment.now()
        today = day_in_berlin(now)
        return Listing([_with_stake(store, each, today) for each in entries], counts, total, today, now)


def _with_stake(store: GuardStore, entry: Entry, today: date) -> Entry:
    case, decision = entry.case, entry.decision
    if case.state != "prepared" or decision is None or decision.released_at is not None:
        return entry
    return replace(entry, stake=at_stake(store, case, decision, today))
