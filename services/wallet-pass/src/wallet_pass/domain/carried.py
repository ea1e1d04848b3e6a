"""A phone's registration, sealed into the tag that it brings back: after a restore of an older copy it tells this
service itself which passes it has and how it is reached. Pure, but for the seal's random part.
"""

import hmac
import os
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from wallet_pass.domain.devices import PushToken

MOST_CARRIED = 20
"""Passes: with them the tag has 600 characters. Our own choice: a teacher's phone has thirty, and carries twenty."""
LONGEST_TAG = 1_000
NONCE_BYTES, EPOCH_BYTES, ID_BYTES = 12, 8, 16
_USE = b"carried"


@dataclass(frozen=True)
class CarriedRegistration:
    """What a phone had registered."""

    epoch: int
    """Of the database that kept it: under a later one it may have been lost."""
    push_token: PushToken = field(repr=False)
    serial_numbers: Sequence[UUID]


@dataclass(frozen=True)
class Seal:
    """By the key of the links, so that a restore leaves it as it is."""

    key: bytes = field(repr=False)

    def close(self, device: UUID, carried: CarriedRegistration) -> str:
        """Letters, digits, `-` and `_`; only this device can bring it back."""
        token = carried.push_token.encode()
        ids = b"".join(each.bytes for each in carried.serial_numbers[:MOST_CARRIED])
        content = carried.epoch.to_bytes(EPOCH_BYTES, "big") + bytes([len(token)]) + token + ids
        nonce = os.urandom(NONCE_BYTES)
        sealed = nonce + self._cipher.encrypt(nonce, content, device.bytes)
        return urlsafe_b64encode(sealed).rstrip(b"=").decode()

    def open(self, device: UUID, text: str) -> CarriedRegistration | None:
        """None for what was not sealed here, or for another device."""
        try:
            sealed = urlsafe_b64decode(text.encode("ascii") + b"=" * (-len(text) % 4))
            content = self._cipher.decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], device.bytes)
        except (ValueError, InvalidTag):
            return None
        start = EPOCH_BYTES + 1 + content[EPOCH_BYTES]
        places = range(start, len(content), ID_BYTES)
        ids = [UUID(bytes=content[place : place + ID_BYTES]) for place in places]
        push_token = PushToken(content[EPOCH_BYTES + 1 : start].decode())
        return CarriedRegistration(int.from_bytes(content[:EPOCH_BYTES], "big"), push_token, ids)

    @property
    def _cipher(self) -> AESGCM:
        return AESGCM(hmac.digest(self.key, _USE, "sha256"))
