"""How long each service's chains of acts are, for the signer to sign; and what it has signed."""

from typing import ClassVar

from pydantic import AwareDatetime

from shared.events.base import Event, Fact


class ChainHead(Fact):
    """One chain: how many acts it has, and the hash of the newest. No act, and nobody's name."""

    chain: str
    acts: int
    hash: str


class AuditHead(Event):
    """The heads of all chains of a service, at one moment."""

    heads: tuple[ChainHead, ...]

    @classmethod
    def service(cls) -> str:
        """Whose they are: its name among the signed heads, and in `SERVICE audit verify`."""
        return cls.subject.partition(".")[0]


class ApplicationAuditHead(AuditHead):
    subject: ClassVar[str] = "application.audit_head.v1"


class EligibilityAuditHead(AuditHead):
    subject: ClassVar[str] = "eligibility.audit_head.v1"


class IssuanceAuditHead(AuditHead):
    """Of the process that answers the public network."""

    subject: ClassVar[str] = "issuance.audit_head.v1"


class WalletPassAuditHead(AuditHead):
    subject: ClassVar[str] = "pass.audit_head.v1"

    @classmethod
    def service(cls) -> str:
        """Its subject begins with `pass`, as those of all events of this service; the service is called otherwise."""
        return "wallet-pass"


class AuditHeadsSigned(Event):
    """The signer has signed the heads of a service: whoever keeps them can tell later that nothing was left out."""

    subject: ClassVar[str] = "issuance.audit_heads_signed.v1"

    service: str
    signed_at: AwareDatetime
    statement: bytes
    """COSE_Sign1 by the key of the lists."""
