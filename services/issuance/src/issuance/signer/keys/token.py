"""Keys in a PKCS#11 token. They are made there, and no private key can be read out.

Only the signer's process and the ceremony's commands load this file: a fault in a vendor's library takes the process
with it. What goes in is therefore measured first: SoftHSM 2.6 ends the interpreter where raw RSA is given one byte
more than the modulus has.
"""

from hashlib import sha256
from typing import Any

import structlog
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from pkcs11 import Attribute, KeyType, Mechanism, ObjectClass
from pkcs11 import exceptions as errors
from pkcs11.util.ec import encode_named_curve_parameters
from pkcs11.util.rsa import decode_rsa_private_key
from shared.errors import Unavailable

from issuance.barcode.qr import cose
from issuance.barcode.vdv import iso9796
from issuance.barcode.vdv.iso9796 import PublicKey
from issuance.signer.keys.keys import KeyProblem, PointKey, RecoveringKey, key_id_of
from issuance.signer.keys.token_sessions import Session, Sessions
from issuance.signer.keys.token_uri import parse

log = structlog.get_logger("signing")
LOCKED_UP = {Attribute.PRIVATE: True, Attribute.SENSITIVE: True, Attribute.EXTRACTABLE: False}
_ONLY_SIGNS = {Attribute.SIGN: True, Attribute.DECRYPT: False, Attribute.UNWRAP: False}
POINT_BYTES = 64


class TokenRsaKey:
    """Raw RSA (CKM_RSA_X_509): padding and hash of ISO 9796-2 are ours, the private operation is the token's."""

    def __init__(self, sessions: Sessions, label: str, public: PublicKey) -> None:
        self.public = public
        self._sessions, self._label = sessions, label

    def sign_recoverable(self, content: bytes) -> tuple[bytes, bytes]:
        """Signature and rest of the content (ISO 9796-2), made in the token by its raw RSA and opened again before it
        leaves."""
        number, rest = iso9796.block(content, self.public.size)
        block = number.to_bytes(self.public.size, "big")
        # 1. The token takes exactly as many bytes as the modulus has; the block's first byte keeps it below it.
        raw = self._sessions.run(
            lambda session: _private(self._sessions, session, self._label, KeyType.RSA).sign(
                block, mechanism=Mechanism.RSA_X_509
            )
        )
        # 2. Some tokens leave leading zeros out: readers expect the length of the modulus.
        signature = bytes(raw).rjust(self.public.size, b"\x00")
        # 3. Opened again before it leaves: a fault, or another key under the same label, must not get out.
        if len(signature) != self.public.size or iso9796.apply(int.from_bytes(signature, "big"), self.public) != number:
            raise KeyProblem(f"key {self._label}: the token's result does not open; nothing was signed")
        return signature, rest


class TokenEcKey:
    """ES256: the hash is ours, ECDSA the token's."""

    def __init__(self, sessions: Sessions, label: str, point: bytes) -> None:
        self.point = point
        self.key_id = key_id_of(point)
        self._sessions, self._label = sessions, label

    def sign(self, data: bytes) -> bytes:
        """r and s, 32 bytes each, s the lower of the two.

        Raises:
            KeyProblem: where the token gives another length.
        """
        digest = sha256(data).digest()
        raw = self._sessions.run(
            lambda session: _private(self._sessions, session, self._label, KeyType.EC).sign(
                digest, mechanism=Mechanism.ECDSA
            )
        )
        if len(raw) != POINT_BYTES:
            raise KeyProblem(f"key {self._label}: the token's signature has {len(raw)} bytes")
        return cose.low_s(int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big"))


class TokenKeys:
    """A KeyStore in a token. The name of a key is its label."""

    def __init__(self, uri: str, *, may_write: bool = False) -> None:
        self.sessions = Sessions(parse(uri), may_write=may_write)

    def has(self, name: str) -> bool:
        """Whether the token holds a private key under this label."""
        return bool(self.sessions.run(lambda session: _find(session, name, ObjectClass.PRIVATE_KEY)))

    def module(self, name: str) -> RecoveringKey:
        """The RSA key under this label; it never leaves the token, only modulus and exponent are read."""
        modulus, exponent = self.sessions.run(lambda session: _rsa_numbers(session, name))
        return TokenRsaKey(self.sessions, name, PublicKey(modulus, exponent))

    def point(self, name: str) -> PointKey:
        """The P-256 key under this label; it never leaves the token."""
        return TokenEcKey(self.sessions, name, self.sessions.run(lambda session: _point(session, name)))

    def make_module(self, name: str, bits: int) -> RecoveringKey:
        """A new RSA key inside the token that can neither be read nor copied.

        Raises:
            KeyProblem: where the label is taken.
        """
        self._refuse_to_replace(name)
        self.sessions.run(
            lambda session: session.generate_keypair(
                KeyType.RSA, bits, store=True, label=name, private_template={**LOCKED_UP, **_ONLY_SIGNS}
            )
        )
        return self.module(name)

    def make_point(self, name: str) -> PointKey:
        """A new P-256 key inside the token; a `*` in the name becomes its key id, and what an earlier attempt left
        unfinished is cleared."""
        label = name.replace("*", "new")
        if label == name:
            self._refuse_to_replace(label)
        else:
            self._clear_unnamed(label)
        self.sessions.run(lambda session: _generate_point(session, label))
        key = self.point(label)
        final = name.replace("*", key.key_id.hex())
        if final != label:
            self.rename(label, final)
        return self.point(final)

    def keep_module(self, name: str, key: RSAPrivateKey) -> RecoveringKey:
        """Take in a key that was made elsewhere. From then on it does not come out; destroy where it came from."""
        self._refuse_to_replace(name)
        der = key.private_bytes(Encoding.DER, PrivateFormat.TraditionalOpenSSL, NoEncryption())
        private = {**decode_rsa_private_key(der), Attribute.TOKEN: True, Attribute.LABEL: name, **LOCKED_UP}
        numbers = key.public_key().public_numbers()
        public = {
            Attribute.CLASS: ObjectClass.PUBLIC_KEY,
            Attribute.KEY_TYPE: KeyType.RSA,
            Attribute.TOKEN: True,
            Attribute.LABEL: name,
            Attribute.MODULUS: _bytes_of(numbers.n),
            Attribute.PUBLIC_EXPONENT: _bytes_of(numbers.e),
        }
        self.sessions.run(lambda session: session.create_object({**private, **_ONLY_SIGNS}))
        self.sessions.run(lambda session: session.create_object(public))
        return self.module(name)

    def rename(self, name: str, to: str) -> None:
        """Gives the key another label.

        Raises:
            KeyProblem: where that is taken.
        """
        self._refuse_to_replace(to)
        self.sessions.found.clear()
        self.sessions.run(lambda session: _rename(session, name, to))

    def _clear_unnamed(self, label: str) -> None:
        """What an end between making a key and naming it has left. Only named keys are published: it signed nothing."""
        self.sessions.found.pop(label, None)
        left = self.sessions.run(lambda session: _destroy(session, label))
        if left:
            log.warning("unnamed_key_cleared", label=label, objects=left)

    def is_available(self) -> bool:
        """Are its keys there? A token that is gone may still answer other questions."""
        try:
            self.sessions.run(_any_key)
        except (Unavailable, KeyProblem):
            return False
        return True

    def _refuse_to_replace(self, name: str) -> None:
        if self.has(name):
            raise KeyProblem(f"the token has a key {name} already; a key is never written over")


def _any_key(session: Session) -> None:
    if not list(session.get_objects({Attribute.CLASS: ObjectClass.PRIVATE_KEY})):
        raise errors.NoSuchKey("any")


def _find(session: Session, label: str, kind: ObjectClass) -> list[Any]:
    return list(session.get_objects({Attribute.LABEL: label, Attribute.CLASS: kind}))


def _private(sessions: Sessions, session: Session, label: str, kind: KeyType) -> Any:
    if label not in sessions.found:
        sessions.found[label] = _only(session, label, ObjectClass.PRIVATE_KEY, kind)
    return sessions.found[label]


def _only(session: Session, label: str, one: ObjectClass, kind: KeyType) -> Any:
    found = [key for key in _find(session, label, one) if key.key_type == kind]
    if len(found) != 1:
        raise errors.NoSuchKey(label) if not found else errors.MultipleObjectsReturned(label)
    return found[0]


def _rsa_numbers(session: Session, label: str) -> tuple[int, int]:
    key = _only(session, label, ObjectClass.PUBLIC_KEY, KeyType.RSA)
    modulus, exponent = (int.from_bytes(key[name], "big") for name in (Attribute.MODULUS, Attribute.PUBLIC_EXPONENT))
    _only(session, label, ObjectClass.PRIVATE_KEY, KeyType.RSA)
    return modulus, exponent


def _point(session: Session, label: str) -> bytes:
    """EC_POINT is an octet string of 04 x y; some tokens leave the octet string out."""
    _only(session, label, ObjectClass.PRIVATE_KEY, KeyType.EC)
    value = bytes(_only(session, label, ObjectClass.PUBLIC_KEY, KeyType.EC)[Attribute.EC_POINT])
    plain = value.removeprefix(b"\x04\x41")
    if len(plain) != POINT_BYTES + 1 or plain[0] != 4:
        raise KeyProblem(f"key {label} in the token is no P-256 key")
    return plain[1:]


def _generate_point(session: Session, label: str) -> None:
    curve = {Attribute.EC_PARAMS: encode_named_curve_parameters("secp256r1")}
    parameters = session.create_domain_parameters(KeyType.EC, curve, local=True)
    private = {**LOCKED_UP, Attribute.SIGN: True, Attribute.DERIVE: False}
    parameters.generate_keypair(store=True, label=label, private_template=private)


def _rename(session: Session, label: str, final: str) -> None:
    for kind in (ObjectClass.PUBLIC_KEY, ObjectClass.PRIVATE_KEY):
        for key in _find(session, label, kind):
            key[Attribute.LABEL] = final


def _destroy(session: Session, label: str) -> int:
    objects = [one for kind in (ObjectClass.PRIVATE_KEY, ObjectClass.PUBLIC_KEY) for one in _find(session, label, kind)]
    for one in objects:
        one.destroy()
    return len(objects)


def _bytes_of(number: int) -> bytes:
    return number.to_bytes((number.bit_length() + 7) // 8, "big")
