"""How long the chains of acts of a service were, signed. Pure.

Tagged COSE_Sign1 by a key of use `status`. Payload, canonical CBOR: 1 service, 2 signed at,
3 [[chain, acts, hash of the newest act], …].
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import cbor2
from shared.events import ChainHead

from issuance.barcode.qr import cose
from issuance.barcode.qr.cbor import is_whole
from issuance.barcode.refusal import Unreadable
from issuance.lists.delta import MOST_SECONDS, Sign, claims_of

KIND = "application/schulticket-audit+cbor"
_MOST_ACTS = 1 << 53
_HASH_BYTES = 32


@dataclass(frozen=True)
class AuditHeads:
    service: str
    at: datetime
    heads: Sequence[ChainHead]

    def sign(self, key_id: bytes, sign: Sign) -> bytes:
        """A COSE_Sign1 over service, moment and heads (chain, acts, hash); FORMAT.md."""
        heads = [[each.chain, each.acts, bytes.fromhex(each.hash)] for each in self.heads]
        claims = {1: self.service, 2: int(self.at.timestamp()), 3: heads}
        return cose.sign_list(key_id, KIND, cbor2.dumps(claims, canonical=True), sign)


def unwrap(data: bytes) -> cose.SignedPayload:
    """The signed bytes, unchecked."""
    return cose.open_list(data, KIND)


def parse(payload: bytes) -> AuditHeads:
    """A payload whose signature was checked.

    Raises:
        Unreadable: `audit_heads`.
    """
    claims = claims_of(payload, range(1, 4), "audit_heads")
    service, at, told = claims[1], claims[2], claims[3]
    if not isinstance(service, str) or not is_whole(at, MOST_SECONDS) or not isinstance(told, list):
        raise Unreadable("audit_heads")
    heads = []
    for each in told:
        match each:
            case [str(chain), acts, bytes(hash_)] if is_whole(acts, _MOST_ACTS) and len(hash_) == _HASH_BYTES:
                heads.append(ChainHead(chain=chain, acts=acts, hash=hash_.hex()))
            case _:
                raise Unreadable("audit_heads", "head")
    return AuditHeads(service, datetime.fromtimestamp(at, UTC), heads)
