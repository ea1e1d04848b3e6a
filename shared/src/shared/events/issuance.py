"""What passes between issuance's two processes: the API asks, the signer publishes."""

from typing import ClassVar
from uuid import UUID

from pydantic import AwareDatetime

from shared.events.base import Event


class RevocationRequested(Event):
    """The API asks the signer to revoke a ticket."""

    subject: ClassVar[str] = "issuance.revocation_requested.v1"

    request_id: UUID
    number: int
    organisation_id: int
    reason: str
    requested_by: str
    """The OIDC subject of who asked."""


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
