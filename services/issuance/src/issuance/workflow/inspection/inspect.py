"""The API's side: show what the signer published, and read codes for those who ask."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Protocol
from uuid import UUID

from shared.database import Step, Transactions
from shared.events import (
    AuditHeadsSigned,
    IssuedListPublished,
    StatusListPublished,
    StatusListV2Published,
    TrustListPublished,
)

from issuance.domain.verdict import VerificationResult

NOTHING = (b"", b"")


@dataclass(frozen=True)
class KnownTicket:
    """What staff may see of a ticket: no names, no codes."""

    ticket_id: UUID
    application_id: UUID
    authority_id: str
    organisation_id: int
    number: int
    state: str
    """issued, suspended, expired or revoked."""
    product: int | None = None
    valid_from: datetime | None = None
    valid_until: datetime | None = None
    reason: str | None = None
    replaces: UUID | None = None
    """The ticket whose place it took, where that is known."""
    decision_id: UUID | None = None
    case_id: UUID | None = None
    number_draw: int | None = None
    last_day: date | None = None


@dataclass(frozen=True)
class Lists:
    """What the signer published, as it came."""

    trust_list: bytes | None
    certificates: Mapping[str, bytes]
    """By name (CAR in hex)."""
    statuses: Mapping[str, bytes]
    """By shard."""
    issued: Mapping[str, bytes] = field(default_factory=dict)
    """The parts of the lists of issued tickets, by `<shard>-<form>-<part>`."""
    versions: Mapping[str, int] = field(default_factory=dict)
    """Of the status lists, by shard."""
    statuses_v2: Mapping[str, bytes] = field(default_factory=dict)
    """Of two bits a place, by shard."""
    versions_v2: Mapping[str, int] = field(default_factory=dict)

    def newest(self) -> Mapping[str, bytes]:
        """One status list a shard: of two bits where that is not behind."""
        behind = {shard for shard, version in self.versions_v2.items() if version < self.versions.get(shard, 0)}
        return {**self.statuses, **{shard: one for shard, one in self.statuses_v2.items() if shard not in behind}}


@dataclass(frozen=True)
class SignedHeads:
    """How long a service's chains of acts were, as the signer has signed it."""

    service: str
    signed_at: datetime
    statement: bytes


class NewsStore(Protocol):
    def keep_heads(self, service: str, signed_at: datetime, statement: bytes) -> None:
        """Keeps signed heads of a service's chains."""

    def keep_trust(self, version: int, trust_list: bytes, certificates: dict[str, bytes]) -> None:
        """Unless a newer trust list is here."""

    def keep_status(
        self,
        shard: str,
        version: int,
        published_at: datetime,
        data: bytes,
        followed: tuple[bytes, bytes] = NOTHING,
        *,
        bits: int = 1,
    ) -> None:
        """`followed`: the snapshot, and the delta that led to it.

        Args:
            bits: of a place, 1 or 2.
        """


class LifeNewsStore(Protocol):
    def keep_issued_part(self, place: tuple[str, str, int], parts: int, version: int, data: bytes) -> None:
        """`place`: shard, form, part."""


class FollowStore(Protocol):
    def heads(self) -> Sequence[SignedHeads]:
        """The newest of each service."""

    def heads_before(self, service: str, before: datetime | None, limit: int) -> Sequence[SignedHeads]:
        """Of one service, the newest first."""

    def snapshot(self, shard: str, bits: int) -> bytes | None:
        """Of `bits` a place; None where the shard is not known."""

    def deltas(self, shard: str, since: int, bits: int) -> Sequence[bytes] | None:
        """From version since+1 to the newest; None where the chain does not begin there."""


class NoteStore(FollowStore, Protocol):
    def note_inspection(self, now: datetime, form: str | None, verdict: str, organisation_id: int | None) -> None:
        """A count for the statistics; no ticket."""


class Scanner(Protocol):
    """Reads codes with the lists of now."""

    async def lists(self) -> Lists:
        """What the signer published, as it is now."""

    async def scan(self, kind: str, content: bytes, at: datetime) -> VerificationResult:
        """`kind` is vdv, qr or image."""


@dataclass(frozen=True)
class TicketInspection:
    transactions: Transactions[NoteStore]
    scanner: Scanner
    clock: Callable[[], datetime]

    async def verify(self, kind: str, content: bytes) -> VerificationResult:
        """One code, now. Leaves a count behind, no child's movements."""
        now = self.clock()
        finding = await self.scanner.scan(kind, content, now)
        seen = finding.ticket
        note = seen.format if seen else None, finding.verdict.value, seen.organisation_id if seen else None
        await self.transactions.write(lambda store: store.note_inspection(now, *note), wake=False)
        return finding

    async def lists(self) -> Lists:
        """What scanners need offline, as it is now."""
        return await self.scanner.lists()

    async def snapshot(self, shard: str, bits: int = 1) -> bytes | None:
        """`bits` of a place: 1 or 2."""
        found: bytes | None = await self.transactions.read(lambda store: store.snapshot(shard, bits))
        return found

    async def deltas(self, shard: str, since: int, bits: int = 1) -> Sequence[bytes] | None:
        """The chain from version `since` to now; None where a snapshot is needed."""
        found: Sequence[bytes] | None = await self.transactions.read(lambda store: store.deltas(shard, since, bits))
        return found

    async def heads(self) -> Sequence[SignedHeads]:
        """The newest signed heads of each service."""
        found: Sequence[SignedHeads] = await self.transactions.read(lambda store: store.heads())
        return found

    async def heads_before(self, service: str, before: datetime | None, limit: int) -> Sequence[SignedHeads]:
        """All that are kept of a service, the newest first; at most `limit`, signed before `before`."""
        found: Sequence[SignedHeads] = await self.transactions.read(
            lambda store: store.heads_before(service, before, limit)
        )
        return found

    # What the signer tells.

    async def heads_signed(self, event: AuditHeadsSigned) -> Step[NewsStore, None]:
        """The signer has signed heads of chains of acts."""
        return lambda store: store.keep_heads(event.service, event.signed_at, event.statement)

    async def trust_published(self, event: TrustListPublished) -> Step[NewsStore, None]:
        """A trust list is out; an older one that comes late changes nothing."""
        return lambda store: store.keep_trust(event.version, event.trust_list, event.certificates)

    async def status_published(self, event: StatusListPublished) -> Step[NewsStore, None]:
        """A status list of one bit a place is out, with its snapshot and delta."""
        place, followed = (event.shard, event.version, event.published_at), (event.snapshot, event.delta)
        return lambda store: store.keep_status(*place, event.status_list, followed)

    async def status_v2_published(self, event: StatusListV2Published) -> Step[NewsStore, None]:
        """A status list of two bits a place is out, with its snapshot and delta."""
        place, followed = (event.shard, event.version, event.published_at), (event.snapshot, event.delta)
        return lambda store: store.keep_status(*place, event.status_list, followed, bits=2)

    async def issued_published(self, event: IssuedListPublished) -> Step[LifeNewsStore, None]:
        """A part of a list of issued tickets is out."""
        place = event.shard, event.form, event.part
        return lambda store: store.keep_issued_part(place, event.parts, event.version, event.issued_list)
