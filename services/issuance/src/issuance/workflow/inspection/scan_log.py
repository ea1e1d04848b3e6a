"""What scanners showed to inspectors, sent later: counted for the operator, and a warning for copies.

No child's movements can be read from it: 1. a ticket is kept as a mark under a key of the day; after two days the key
is destroyed, and mark, minute, place and scanner go with it, so that counts remain. 2. Within the two days the marks of
one day, or of one operator, cannot be joined with those of another. 3. A place is a cell of 11 by 7 km, and only if the
scanner tells one. 4. Nobody is shown a mark, a minute or a place: the report has counts, and of a ticket that looks
copied its number and why. A ticket's number is looked up for that alone.

An operator hears what its own inspectors saw: those of another make none of its tickets suspect, and it reads no number
of another's ticket.
"""

import hmac
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from hashlib import sha256
from typing import Protocol
from uuid import UUID, uuid4

from shared.calendar import in_berlin
from shared.database import Transactions
from shared.errors import Forbidden, Text
from shared.identity import Caller

from issuance.domain.verdict import Verdict, VerificationResult
from issuance.workflow.inspection.copies import CopyRules, Meeting, cell_of, suspicion

KEPT_FOR = timedelta(days=30)
MARKS_KEPT_FOR = timedelta(days=2)
"""A log may come a night later; longer nobody needs to know a ticket again."""
CLOCK_TOLERANCE = timedelta(minutes=10)
MARK_CHARACTERS = 32
FORGET_STEP = 1000
NOT_ENCLOSED = "module_certificate_not_enclosed"
"""The reduced form of older tickets: nobody can tell without that certificate."""
UNKNOWN_SUB_CA, LEFT_OUT, UIC = "unknown_sub_ca", "certificates_left_out", "uic_ticket"
"""Another operator's ticket, which nobody here can check; unless a certificate of the set was found bad."""
UNCERTAIN = (Verdict.VALID, Verdict.STATUS_STALE, Verdict.STATUS_UNCHECKED, Verdict.UNREADABLE)
DEFAULT_RULES = CopyRules()
NO_OPERATOR = Text("Ihr Zugang gehört zu keinem Verkehrsunternehmen.", "Your account belongs to no transport operator.")


@dataclass(frozen=True)
class ScanEntry:
    """One verdict on a scanner's screen."""

    id: UUID
    """Drawn by the scanner: what is sent twice counts once."""
    shown_at: datetime
    """To the minute."""
    verdict: Verdict
    colour: str
    format: str | None
    organisation_id: int | None
    ticket: str | None
    """Mark of the ticket for the day: as the scanner made it, and under the day's key where it is stored."""
    cell: str | None = None
    """`51.2,6.7`."""


@dataclass(frozen=True)
class Count:
    day: date
    organisation_id: int | None
    verdict: str
    colour: str
    count: int


@dataclass(frozen=True)
class Copy:
    """A ticket that looks copied."""

    day: date
    organisation_id: int | None
    number: int | None
    """None where this service does not know the ticket, or it is another operator's."""
    reason: str
    """too_fast or many_scanners."""
    scanners: int


@dataclass(frozen=True)
class Inspector:
    """Who sends a log, and for which operator."""

    subject: str
    operator_id: int


class ScanEntryStore(Protocol):
    def key_of(self, day: date, drawn: bytes) -> bytes:
        """The key of the day; `drawn` becomes it where there is none yet."""

    def keep_entry(self, shown: ScanEntry, day: date, operator_id: int, scanner: str) -> None:
        """Once by its id.

        Args:
            operator_id: whose inspector sent it.
            scanner: a mark of who, for this day.
        """

    def met(self, day: date, ticket: str) -> Sequence[tuple[str, datetime, str | None]]:
        """Scanner, minute and cell of each time that a scanner met a ticket (by its mark)."""

    def forget_entries(self, marks_before: date, before: date, limit: int) -> bool:
        """Keys, marks, minutes and places before the first day; everything before the second; of so many verdicts at
        once. Whether there may be more."""


class CopyStore(Protocol):
    def numbers(self, organisation_id: int | None) -> Iterable[int]:
        """Numbers of all tickets of an organisation that are known here."""

    def knows_copy(self, day: date, ticket: str) -> bool:
        """Whether the mark was found suspect on this day already."""

    def keep_copy(self, ticket: str, operator_id: int, copy: Copy) -> None:
        """`ticket`: its mark, which is not shown to anybody."""


class ReportStore(Protocol):
    def counts(self, operator_id: int, since: date) -> Sequence[Count]:
        """Of what this operator's inspectors saw."""

    def copies(self, operator_id: int, since: date) -> Sequence[Copy]:
        """From what this operator's inspectors saw."""


class Store(ScanEntryStore, CopyStore, ReportStore, Protocol): ...


@dataclass(frozen=True)
class ScanLog:
    transactions: Transactions[Store]
    clock: Callable[[], datetime]
    draw: Callable[[int], bytes]
    """Random bytes."""
    rules: CopyRules = DEFAULT_RULES

    async def record(self, caller: Caller, log: Sequence[ScanEntry]) -> tuple[int, list[UUID]]:
        """Keep a scanner's log. Entries from the future or older than 30 days are left out.

        Returns how many count, and which of them look copied by what is known now.
        """
        # 1. Only inspectors send logs.
        inspector = inspector_of(caller)
        now = self.clock()
        kept = [one for one in log if now - KEPT_FOR <= one.shown_at <= now + CLOCK_TOLERANCE]
        young = in_berlin(now - MARKS_KEPT_FOR).date()

        def step(store: Store) -> list[UUID]:
            # 2. Every entry once, under marks of its day; of older days without any.
            return [one.id for one in kept if self._keep(store, inspector, one, young)]

        return len(kept), await self.transactions.write(step, wake=False)

    async def note(self, caller: Caller, finding: VerificationResult) -> bool:
        """What a reader of an operator's own had verified here, as if from a scanner. Whether it looks copied."""
        now, seen = self.clock(), finding.ticket
        shown = ScanEntry(uuid4(), now, finding.verdict, colour_of(finding), None, None, None)
        if seen is not None:
            ticket = mark(in_berlin(now).date(), seen.organisation_id, seen.number)
            shown = replace(shown, format=seen.format, organisation_id=seen.organisation_id, ticket=ticket)
        return bool((await self.record(caller, [shown]))[1])

    async def forget(self) -> int:
        """What is old goes, whether or not a scanner sends anything."""
        now = self.clock()
        marks_before, before = (in_berlin(now - age).date() for age in (MARKS_KEPT_FOR, KEPT_FOR))

        def step(store: Store) -> bool:
            return store.forget_entries(marks_before, before, FORGET_STEP)

        while await self.transactions.write(step, wake=False):
            pass
        return 0

    def _keep(self, store: Store, inspector: Inspector, shown: ScanEntry, young: date) -> bool:
        """Whether the ticket looks copied now."""
        day, operator_id = in_berlin(shown.shown_at).date(), inspector.operator_id
        if day < young or shown.ticket is None:
            store.keep_entry(replace(shown, ticket=None, cell=None), day, operator_id, "")
            return False
        key = store.key_of(day, self.draw(32))
        ticket = _under(key, f"{operator_id}|{shown.ticket}")
        scanner = _under(key, f"scanner|{operator_id}|{inspector.subject}")
        store.keep_entry(replace(shown, ticket=ticket), day, operator_id, scanner)
        met = [Meeting(who, at, cell_of(cell) if cell else None) for who, at, cell in store.met(day, ticket)]
        reason = suspicion(met, self.rules)
        if reason is not None and not store.knows_copy(day, ticket):
            organisation = shown.organisation_id
            numbers = store.numbers(organisation) if organisation == operator_id else ()
            number = next((one for one in numbers if mark(day, organisation, one) == shown.ticket), None)
            copy = Copy(day, organisation, number, reason, len({one.scanner for one in met}))
            store.keep_copy(ticket, operator_id, copy)
        return reason is not None

    async def report(self, caller: Caller) -> tuple[Sequence[Count], Sequence[Copy]]:
        """Counts a day, and tickets that look copied, of the last 30 days, by the operator's own inspectors."""
        caller.require("operator")
        operator_id = caller.organisation_id
        if operator_id is None:
            raise Forbidden(NO_OPERATOR)
        since = in_berlin(self.clock() - KEPT_FOR).date()
        found: tuple[Sequence[Count], Sequence[Copy]] = await self.transactions.read(
            lambda store: (store.counts(operator_id, since), store.copies(operator_id, since))
        )
        return found


def inspector_of(caller: Caller) -> Inspector:
    """Raises Forbidden for who is none, or works for no operator."""
    caller.require("inspector")
    if caller.organisation_id is None:
        raise Forbidden(NO_OPERATOR)
    return Inspector(caller.subject, caller.organisation_id)


def colour_of(finding: VerificationResult) -> str:
    """As the scanner page shows it: green only by a fresh list; what cannot be known for certain is amber."""
    if finding.verdict is Verdict.VALID and "status_checked" in finding.reasons:
        return "green"
    is_another_issuers = UIC in finding.reasons or (
        UNKNOWN_SUB_CA in finding.reasons and LEFT_OUT not in finding.reasons
    )
    if NOT_ENCLOSED in finding.reasons or is_another_issuers:
        return "amber"
    return "amber" if finding.verdict in UNCERTAIN else "red"


def mark(day: date, organisation_id: int | None, number: int) -> str:
    """As a scanner makes it. With the number it can be made by anybody, so that it is never stored."""
    return sha256(f"{day}|{organisation_id}|{number}".encode()).hexdigest()[:MARK_CHARACTERS]


def _under(key: bytes, text: str) -> str:
    return hmac.digest(key, text.encode(), "sha256").hex()[:MARK_CHARACTERS]
