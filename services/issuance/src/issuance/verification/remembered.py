"""What a verifier without a store of its own remembers from folder to folder: the root, and the highest versions seen.

A folder alone cannot say that it is old, or another's: its trust list brings the key that has signed it. Pure.
"""

import hashlib
import json
from dataclasses import dataclass, field, replace
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_public_key

from issuance.barcode.refusal import Refusal
from issuance.lists import trust_list
from issuance.lists.status_list import StatusList
from issuance.verification.trust import Trust, Unusable

_POINT_BYTES = 64


@dataclass(frozen=True)
class ScannerMemory:
    root: str = ""
    """x and y in hex; empty before the first trust list."""
    version: int = 0
    digest: str = ""
    """Of the trust list of that version."""
    status: dict[str, list[Any]] = field(default_factory=dict)
    """By shard: epoch, version, and the digest of the state of each width that was seen of that version."""

    def encode(self) -> bytes:
        """JSON with sorted keys, so that files can be compared."""
        content = {"root": self.root, "version": self.version, "digest": self.digest, "status": self.status}
        return (json.dumps(content, indent=1, sort_keys=True) + "\n").encode()


NOTHING = ScannerMemory()


def parse(data: bytes) -> ScannerMemory:
    """Raises Unusable `state_unreadable`: what was seen must not be forgotten without a word."""
    try:
        content = json.loads(data)
        match content:
            case {"root": str(root), "version": int(version), "digest": str(digest), "status": dict(status)}:
                for epoch, number, digests in status.values():
                    if type(epoch) is not int or type(number) is not int or not isinstance(digests, dict):
                        raise Unusable("state_unreadable")
                return ScannerMemory(root, version, digest, status)
    except (ValueError, TypeError, RecursionError) as error:
        if isinstance(error, Unusable):
            raise
        raise Unusable("state_unreadable") from error
    raise Unusable("state_unreadable")


def follow(seen: ScannerMemory, trust: Trust) -> ScannerMemory:
    """What is remembered after this folder.

    Raises:
        Unusable: `other_issuer`, `rollback` or `fork`.
    """
    listed = trust.trust_list
    if listed is None:
        if seen.root:
            raise Unusable("rollback", "no trust list")
        return seen
    if seen.root and listed.root.hex() != seen.root:
        raise Unusable("other_issuer", "trust list")
    digest = hashlib.sha256(listed.encode()).hexdigest()
    if listed.version < seen.version:
        raise Unusable("rollback", f"trust list {seen.version} to {listed.version}")
    if listed.version == seen.version and digest != seen.digest:
        raise Unusable("fork", f"trust list {listed.version}")
    status = dict(seen.status)
    for shard, one in trust.status.items():
        status[str(shard)] = _after(str(shard), status.get(str(shard)), one)
    return replace(seen, root=listed.root.hex(), version=listed.version, digest=digest, status=status)


def _after(shard: str, seen: list[Any] | None, one: StatusList) -> list[Any]:
    width, digest = str(1 + one.has_two_bits), hashlib.sha256(one.bits).hexdigest()
    if seen is None:
        return [one.epoch, one.version, {width: digest}]
    epoch, version, digests = seen
    # a list of one bit does not say its epoch
    if one.version < version or (one.has_two_bits and one.epoch < epoch):
        raise Unusable("rollback", f"status list {shard}: {version} to {one.version}")
    if one.version > version:
        return [max(epoch, one.epoch), one.version, {width: digest}]
    if digests.get(width, digest) != digest:
        raise Unusable("fork", f"status list {shard}: {version}")
    return [max(epoch, one.epoch), version, {**digests, width: digest}]


def check_root(trust: Trust, root: bytes) -> None:
    """Raises Unusable where the folder's trust list is under another root, or where it has none."""
    if trust.trust_list is None:
        raise Unusable("trust_list_missing")
    if trust.trust_list.root != root:
        raise Unusable("other_issuer", "trust list")


def parse_root(data: bytes) -> bytes:
    """x and y (64 bytes) of a root: as they are, in hex, in PEM, or of a trust list that was trusted once.

    Raises:
        Unusable: `root_unreadable`.
    """
    try:
        if data.lstrip().startswith(b"-----BEGIN"):
            return _point_of(load_pem_public_key(data.strip()))
        if len(data) == _POINT_BYTES:
            return data
        if len(data.strip()) == 2 * _POINT_BYTES:
            return bytes.fromhex(data.decode("ascii").strip())
        return trust_list.parse(trust_list.unwrap(data).payload).root
    except (ValueError, Refusal) as error:
        raise Unusable("root_unreadable") from error


def _point_of(key: object) -> bytes:
    if not isinstance(key, ec.EllipticCurvePublicKey) or not isinstance(key.curve, ec.SECP256R1):
        raise ValueError("no key of P-256")
    return key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)[1:]
