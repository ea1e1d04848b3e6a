"""What passes between issuance's two processes: the API asks, the signer publishes."""

from typing import ClassVar
from uuid import UUID

from pydantic import AwareDatetime

from shared.events.base import Event, later_field


class RevocationRequested(Event):
    """The API asks the signer to revoke a ticket."""

    subject: ClassVar[str] = "issuance.revocation_requested.v1"

    request_id: UUID
    number: int
    organisation_id: int
    reason: str
    requested_by: str
    """The OIDC subject of who asked."""
    party: str | None = later_field()
    """For whom it is asked: `authority`, `operator:` with the organisation id, `operator` where the token names none.
    None: told before this was."""


class TicketChangeRequested(Event):
    """The API asks the signer to take a ticket a step through its life."""

    subject: ClassVar[str] = "issuance.change_requested.v1"

    request_id: UUID
    number: int
    organisation_id: int
    change: str
    """replace (lost: the old one dies at once), renew (new product, area or name), suspend, restore."""
    reason: str
    requested_by: str
    """The OIDC subject of who asked."""
    party: str | None = later_field()
    """For whom it is asked: `authority`, `operator:` with the organisation id, `operator` where the token names none.
    None: told before this was."""


class TrustListPublished(Event):
    """The signed trust list and the CV certificates that go with it."""

    subject: ClassVar[str] = "issuance.trust_list_published.v1"

    version: int
    trust_list: bytes
    certificates: dict[str, bytes]
    """CAR in hex -> the certificate (7F21 TLV)."""


class StatusListPublished(Event):
    """The signed status list of one shard, complete."""

    subject: ClassVar[str] = "issuance.status_list_published.v1"

    shard: str
    version: int
    published_at: AwareDatetime
    status_list: bytes
    snapshot: bytes = b""
    """The same as a compact snapshot; empty from a sender that does not know it."""
    delta: bytes = b""
    """What changed since the version before; empty for the first version."""


class StatusListV2Published(Event):
    """The same shard and version in two bits a place: good, revoked, suspended. The list of one bit stays beside it."""

    subject: ClassVar[str] = "issuance.status_list_published.v2"

    shard: str
    version: int
    epoch: int
    """Of the signer's database."""
    published_at: AwareDatetime
    status_list: bytes
    snapshot: bytes
    delta: bytes = b""
    """What changed since the version before; empty where that is not known in two bits."""


class IssuedListPublished(Event):
    """One part of the signed filter of all tickets that were issued in a shard, of one form."""

    subject: ClassVar[str] = "issuance.issued_list_published.v1"

    shard: str
    form: str
    """vdv or qr."""
    part: int
    parts: int
    version: int
    issued_list: bytes
