"""The signer without bus: events go in as the consumer would bring them, and the clock is moved by hand."""

import asyncio
import secrets
from collections.abc import Awaitable, Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol, TypeVar
from uuid import UUID, uuid4

import sqlalchemy as sa
from issuance.domain.numbering import KEY_BYTES, NumberScheme
from issuance.domain.terms import Terms
from issuance.domain.ticket import SignedTicket, Ticket
from issuance.domain.two_persons import ONE_IS_ENOUGH, TwoPersons
from issuance.domain.verdict import Verdict
from issuance.lists.audit_heads import AuditHeads
from issuance.lists.delta import Delta, Snapshot
from issuance.lists.delta_v2 import DeltaV2, SnapshotV2
from issuance.lists.issued import IssuedPart
from issuance.lists.status_list import StatusList
from issuance.signer.ceremony import Pki
from issuance.store.signer import SignerStore
from issuance.verification.trust import Trust, assemble
from issuance.verification.verifier import Verifier
from issuance.workflow.signer import LiveSigner, workflow_on
from issuance.workflow.signer.endings import AS_MANY_AS_ASKED, Endings
from issuance.workflow.signer.issue_ports import TicketSigner
from issuance.workflow.signer.quota import NO_QUOTA, Quota
from shared.database import Database
from shared.events import (
    ApplicationHolderGiven,
    EligibilityGranted,
    Event,
    RevocationRequested,
    StatusListPublished,
    TicketChangeRequested,
    TicketIssued,
)
from shared.runtime.backlog import Backlog
from support.databases import make_tables
from support.issuance.example import NOW
from support.json import text, whole
from support.outbox import told

AUTHORITY = "101023"
Said = TypeVar("Said", bound=Event)


class ListSigner(Protocol):
    def sign_audit_heads(self, heads: AuditHeads) -> bytes: ...
    def sign_status_list(self, status: StatusList) -> bytes: ...
    def sign_list(self, one: Snapshot | Delta | SnapshotV2 | DeltaV2 | IssuedPart) -> bytes: ...


class Codes(Protocol):
    """Both codes of a ticket."""

    @property
    def vdv(self) -> bytes: ...
    @property
    def qr(self) -> str: ...


@dataclass(frozen=True)
class SignerAndReader:
    """Implements LiveSigner: keys that do not change. `tickets`, `lists`: the stand-ins of a test, or the keys."""

    tickets: TicketSigner
    lists: ListSigner
    reader: Verifier

    def sign_ticket(self, ticket: Ticket, shown_from: datetime | None = None) -> SignedTicket:
        return self.tickets.sign_ticket(ticket, shown_from)

    def sign_status_list(self, status: StatusList) -> bytes:
        return self.lists.sign_status_list(status)

    def sign_list(self, one: Snapshot | Delta | SnapshotV2 | DeltaV2 | IssuedPart) -> bytes:
        return self.lists.sign_list(one)

    def sign_audit_heads(self, heads: AuditHeads) -> bytes:
        return self.lists.sign_audit_heads(heads)

    def confirm(self, ticket: Ticket, signed: SignedTicket, shown_from: datetime | None = None) -> None:
        self.reader.confirm(ticket, signed, shown_from)

    def issued_keys(self, vdv: bytes, qr: str) -> tuple[bytes, bytes]:
        return self.reader.issued_keys(vdv, qr)


def open_database(url: str, terms: Terms | None = None) -> Database[SignerStore]:
    """An empty database with its tables and the authority's terms."""
    make_tables(url, "issuance", "migrations/signer")
    database = Database(url, SignerStore)
    database.write_now(lambda store: store.set_terms(AUTHORITY, terms or Terms(32838)))
    return database


class ChosenPlaces(NumberScheme):
    """`chosen`: the places that tickets ask for, one after the other; empty: derived ones."""

    chosen: Iterator[int] | None = None

    def place(self, ticket_id: UUID, draw: int) -> int:
        return super().place(ticket_id, draw) if self.chosen is None else next(self.chosen)

    def choose(self, places: Iterable[int]) -> None:
        object.__setattr__(self, "chosen", iter(places))


class SignerWorld:
    """`now`: the present moment, which a test sets. `numbering`: with places that it may choose."""

    def __init__(  # on what, with which keys, and how much an hour
        self,
        database: Database[SignerStore],
        pki: Pki,
        trust: Trust,
        live: LiveSigner | None = None,
        quota: Quota = NO_QUOTA,
        endings: Endings = AS_MANY_AS_ASKED,
        two_persons: TwoPersons = ONE_IS_ENOUGH,
    ) -> None:
        self.database, self.pki, self.trust, self.now = database, pki, trust, NOW
        self.numbering = ChosenPlaces(secrets.token_bytes(KEY_BYTES))
        self.application_id = uuid4()
        live = live or SignerAndReader(pki.signer, pki.signer, Verifier(trust))
        workflow = workflow_on(
            database, live, self.clock, self.numbering, self.backlog, quota=quota, endings=endings,
            two_persons=two_persons,
        )  # fmt: skip
        self.issuing, self.revoking, self.living = workflow.issuing, workflow.revoking, workflow.living
        self.ending, self.asked_elsewhere = workflow.ending, workflow.asked_elsewhere
        self.renewing, self.publishing, self.filters = workflow.renewing, workflow.publishing, workflow.filters
        self.heads, self.erasure = workflow.heads, workflow.erasure

    def clock(self) -> datetime:
        return self.now

    def backlog(self, worker: str) -> Backlog:
        return Backlog(worker, self.database, self.clock)

    def with_signer(self, tickets: TicketSigner) -> "SignerWorld":
        """The same, but that tickets are signed by a stand-in."""
        other = SignerWorld(
            self.database, self.pki, self.trust, SignerAndReader(tickets, self.pki.signer, Verifier(self.trust))
        )
        other.application_id, other.now = self.application_id, self.now
        return other

    def hear(self, handler: Callable[[Said], Awaitable[Callable[[SignerStore], None]]], event: Said) -> None:
        async def both() -> None:
            await self.database.write(await handler(event))

        asyncio.run(both())

    def event(self, kind: type[Said], **fields: object) -> Said:
        """Of this authority and, where it is about one, this application."""
        base: dict[str, object] = {"occurred_at": self.now, "authority_id": AUTHORITY}
        if "application_id" in kind.model_fields:
            base["application_id"] = self.application_id
        return kind(**{**base, **fields})

    def holder(self, **changes: object) -> None:
        names = {"first_name": "Jörg", "last_name": "Müßter", "birth_date": date(2012, 2, 29)}
        self.hear(self.issuing.keep_holder, self.event(ApplicationHolderGiven, **{**names, **changes}))

    def grant(self, decision_id: UUID, **changes: object) -> None:
        facts = {"valid_from": date(2026, 8, 1), "valid_until": date(2027, 7, 31), "own_share_cents": 1400}
        rest = {"distance_m": 3600.0, "limit_m": 3500, "reasons": (), "rules_version": "nrw"}
        event = self.event(EligibilityGranted, decision_id=decision_id, **{**facts, **rest, **changes})
        self.hear(self.issuing.keep_grant, event)

    def apply(self, **changes: object) -> UUID:
        """Holder and grant of a new application. `changes`: of the holder."""
        self.application_id = uuid4()
        self.holder(**changes)
        self.grant(uuid4())
        return self.application_id

    def issue(self) -> None:
        """All that is due."""

        async def all_of_it() -> None:
            while await self.issuing.issue_due():
                pass

        asyncio.run(all_of_it())

    def new_ticket(self) -> TicketIssued:
        self.apply()
        self.issue()
        return self.told(TicketIssued)[-1]

    def ask(  # whom, what, why
        self,
        ticket: TicketIssued,
        change: str,
        request_id: UUID | None = None,
        party: str | None = None,
        reason: str = "why",
        by: str = "operator",
    ) -> None:
        """Somebody asks for a change of the ticket, or for its end."""
        asked = {"request_id": request_id or uuid4(), "number": ticket.number, "reason": reason, "party": party}
        asked |= {"organisation_id": ticket.organisation_id, "requested_by": by}
        if change == "revoke":
            self.hear(self.revoking.requested, self.event(RevocationRequested, **asked))
        else:
            self.hear(self.living.requested, self.event(TicketChangeRequested, **asked, change=change))

    def publish(self) -> int:
        """How many status lists were due."""
        return asyncio.run(self.publishing.publish_due())

    def newest_list(self) -> StatusListPublished:
        """After publishing what is due."""
        self.publish()
        return self.told(StatusListPublished)[-1]

    def verdict(self, ticket: Codes, at: datetime | None = None) -> Verdict:
        """Of both codes, by a scanner with the newest list."""
        listed = [self.newest_list().status_list]
        scanner = Verifier(assemble(self.pki.certificates.values(), self.pki.trust_list, listed))
        moment = at or self.now
        found = {scanner.verify_qr(ticket.qr, moment).verdict, scanner.verify_vdv(ticket.vdv, moment).verdict}
        (one,) = found
        return one

    def told(self, kind: type[Said]) -> list[Said]:
        return told(self.database, kind)

    def rows(self, query: str) -> list[tuple[object, ...]]:
        found = self.database.read_now(lambda store: store.session.execute(sa.text(query)).all())
        return [tuple(row) for row in found]

    def count(self, table: str) -> int:
        ((number,),) = self.rows(f"SELECT count(*) FROM {table}")
        return whole(number)

    def states(self) -> list[tuple[str, str | None]]:
        found = self.rows("SELECT state, reason FROM ticket ORDER BY sequence")
        return [(text(state), None if reason is None else text(reason)) for state, reason in found]
