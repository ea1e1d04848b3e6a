"""Google's callbacks, checked: ECv2SigningOnly, as docs/sources/wallets.md, 2, tells it.

Google's root keys sign an intermediate key that lives some days, and that signs the message. Signed are the parts of
each with their lengths before them (four bytes, little-endian), so that no part can be moved into another.
"""

from base64 import b64decode
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Literal, TypeVar

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import load_der_public_key
from pydantic import BaseModel, Field, ValidationError

from wallet_pass.domain.callbacks import Callback, CallbackKind

SENDER = "GooglePayPasses"
PROTOCOL = "ECv2SigningOnly"
MOST_SIGNATURES = 4
"""Of an intermediate key: by the root keys of before and after a change."""
LATEST = 253_402_300_799_000
"""Milliseconds: the end of the year 9999."""
Milliseconds = Annotated[int, Field(ge=0, le=LATEST)]
Model = TypeVar("Model", bound=BaseModel)


class NotGooglesCallback(Exception):
    """`reason`: a word of our own, for the log and the metric."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class RootKey:
    """One of those that Google publishes."""

    key: ec.EllipticCurvePublicKey
    expires_at: datetime | None


class _Intermediate(BaseModel):
    signed_key: Annotated[str, Field(alias="signedKey", max_length=2_000)]
    signatures: Annotated[list[str], Field(max_length=MOST_SIGNATURES)]


class _Envelope(BaseModel):
    protocol: Annotated[Literal["ECv2SigningOnly"], Field(alias="protocolVersion")]
    signature: Annotated[str, Field(max_length=200)]
    intermediate: Annotated[_Intermediate, Field(alias="intermediateSigningKey")]
    message: Annotated[str, Field(alias="signedMessage", max_length=4_000)]


class _SignedKey(BaseModel):
    value: Annotated[str, Field(alias="keyValue")]
    expires: Annotated[Milliseconds, Field(alias="keyExpiration")]


class _Message(BaseModel):
    class_id: Annotated[str, Field(alias="classId", max_length=200)]
    object_id: Annotated[str, Field(alias="objectId", max_length=200)]
    kind: Annotated[CallbackKind, Field(alias="eventType")]
    expires: Annotated[Milliseconds, Field(alias="expTimeMillis")]
    nonce: Annotated[str, Field(min_length=1, max_length=200)]


def read_callback(body: bytes, issuer_id: str, roots: Sequence[RootKey], now: datetime) -> Callback:
    """What Google has signed for this issuer.

    Raises:
        NotGooglesCallback: `form`, `root_signature` (also where Google's keys have changed since), `key_form`,
            `key_expired`, `signature`, `message_form`, `expired`.
    """
    # 1. The envelope.
    envelope = _parsed(_Envelope, body, "form")
    # 2. A root key that is still good has signed the intermediate key.
    signed = _joined(SENDER, PROTOCOL, envelope.intermediate.signed_key)
    good = [root.key for root in roots if root.expires_at is None or now < root.expires_at]
    if not any(_has_signed(key, each, signed) for key in good for each in envelope.intermediate.signatures):
        raise NotGooglesCallback("root_signature")
    # 3. That one is still good, and has signed the message for us.
    signed_key = _parsed(_SignedKey, envelope.intermediate.signed_key.encode(), "key_form")
    if now >= moment_of(signed_key.expires):
        raise NotGooglesCallback("key_expired")
    key = public_key(signed_key.value)
    if key is None:
        raise NotGooglesCallback("key_form")
    if not _has_signed(key, envelope.signature, _joined(SENDER, issuer_id, PROTOCOL, envelope.message)):
        raise NotGooglesCallback("signature")
    # 4. And only then what is inside.
    message = _parsed(_Message, envelope.message.encode(), "message_form")
    expires_at = moment_of(message.expires)
    if now >= expires_at:
        raise NotGooglesCallback("expired")
    return Callback(message.kind, message.class_id, message.object_id, message.nonce, expires_at)


def moment_of(milliseconds: int) -> datetime:
    """Since 1970."""
    return datetime.fromtimestamp(milliseconds / 1000, UTC)


def public_key(value: str) -> ec.EllipticCurvePublicKey | None:
    """Of base64 of a SubjectPublicKeyInfo; None for what is no key on P-256."""
    try:
        key = load_der_public_key(b64decode(value, validate=True))
    except (ValueError, UnsupportedAlgorithm):
        return None
    return key if isinstance(key, ec.EllipticCurvePublicKey) and isinstance(key.curve, ec.SECP256R1) else None


def _parsed(model: type[Model], content: bytes, reason: str) -> Model:
    try:
        return model.model_validate_json(content)
    except ValidationError as error:
        raise NotGooglesCallback(reason) from error


def _joined(*parts: str) -> bytes:
    encoded: Iterable[bytes] = (part.encode() for part in parts)
    return b"".join(len(each).to_bytes(4, "little") + each for each in encoded)


def _has_signed(key: ec.EllipticCurvePublicKey, signature: str, content: bytes) -> bool:
    try:
        key.verify(b64decode(signature, validate=True), content, ec.ECDSA(hashes.SHA256()))
    except (ValueError, InvalidSignature):
        return False
    return True
