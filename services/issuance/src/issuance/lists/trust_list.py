"""The trust list: which keys may sign tickets and status lists, in which state, signed by the offline root.

CBOR map in a tagged COSE_Sign1: 1 version, 2 issued at, 3 expires at (seconds), 4 keys,
5 the root itself (x and y): a scanner pins it when it first meets the list. A key: 1 key id (4 bytes),
2 algorithm (-7, ES256), 3 x and y of the P-256 point (64 bytes), 4 state, 5 use, 6 organisation ids,
7 not after (seconds), 8 compromised since (seconds, only in that state), 9 (of keys of use `status`, and only where the
list names them) the shards whose status lists are published, each [organisation id, shard number]. Unknown keys of a
key's entry are ignored, which is why the shards stand there: readers from before they were named refuse new keys of
the list itself.
6, only where there are any: stolen modules of the VDV code, each [sub-CA's name, module number, since (seconds)].

States. `next`: published a week and more before it signs, so that scanners know it in time; `active`: signs;
`retired`: signs no more, its tickets stay good; `compromised`: good is only what the list of issued tickets knows.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import NamedTuple

import cbor2

from issuance.barcode.qr import cbor, cose
from issuance.barcode.qr.cbor import is_whole
from issuance.barcode.refusal import Unreadable
from issuance.lists.status_list import Shard

KIND = "application/schulticket-trust-list+cbor"
STATES = ("next", "active", "retired", "compromised")
USES = ("ticket", "status")


@dataclass(frozen=True)
class TrustedKey:
    key_id: bytes
    point: bytes
    """x and y, 32 bytes each."""
    state: str
    use: str
    organisation_ids: tuple[int, ...]
    """Only for these may it speak."""
    not_after: datetime
    compromised_since: datetime | None = None
    shards: tuple[Shard, ...] = ()
    """Of keys of use `status`: whose lists there must be. A folder or a service that lacks one has held it back."""


class StolenModule(NamedTuple):
    """A module (SAM) that signs VDV codes in a thief's hands."""

    sub_ca: bytes
    """Name (CAR, 8 bytes)."""
    number: int
    since: datetime


@dataclass(frozen=True)
class TrustList:
    version: int
    issued_at: datetime
    expires_at: datetime
    keys: tuple[TrustedKey, ...]
    root: bytes
    """x and y of the key that signs this list."""
    modules: tuple[StolenModule, ...] = ()

    @property
    def shards(self) -> tuple[Shard, ...]:
        """Whose status lists are published, as far as the list names them."""
        return tuple(sorted({shard for key in self.keys for shard in key.shards}))

    def encode(self) -> bytes:
        """The claims as deterministic CBOR: what is signed, and what a pin digests."""
        keys = [_key_out(key) for key in self.keys]
        times = {2: int(self.issued_at.timestamp()), 3: int(self.expires_at.timestamp())}
        claims: dict[int, object] = {1: self.version, **times, 4: keys, 5: self.root}
        if self.modules:
            claims[6] = [[one.sub_ca, one.number, int(one.since.timestamp())] for one in self.modules]
        return cbor2.dumps(claims, canonical=True)

    def sign(self, root_key_id: bytes, sign: Callable[[bytes], bytes]) -> bytes:
        """A COSE_Sign1 by the trust root. `sign` takes Sig_structure and gives r and s (64 bytes)."""
        return cose.sign_list(root_key_id, KIND, self.encode(), sign)


def unwrap(data: bytes) -> cose.SignedPayload:
    """The signed bytes, unchecked."""
    return cose.open_list(data, KIND)


def parse(payload: bytes) -> TrustList:
    """The payload, unchecked: the list brings the key that must have signed it.

    Raises:
        Unreadable: `trust_list`.
    """
    match cbor.decode(payload):
        case {1: version, 2: issued, 3: expires, 4: list(keys), 5: bytes(root), **rest}:
            modules = rest.get(6, [])
            is_known = len(root) == 64 and rest.keys() <= {6} and rest.get(6) != []
            if is_known and isinstance(modules, list) and is_whole(version, 1 << 53, 1):
                stolen = tuple(_module_in(one) for one in modules)
                times, found = (_time(issued), _time(expires)), tuple(_key_in(key) for key in keys)
                # of two entries under one id a reader would take one or the other, and with it another state
                if len({key.key_id for key in found}) != len(found):
                    raise Unreadable("trust_list", "key id twice")
                return TrustList(version, *times, found, root, stolen)
    raise Unreadable("trust_list")


def _key_out(key: TrustedKey) -> dict[int, object]:
    organisations = list(key.organisation_ids)
    out: dict[int, object] = {1: key.key_id, 2: cose.ES256, 3: key.point, 4: key.state, 5: key.use, 6: organisations}
    out[7] = int(key.not_after.timestamp())
    if key.compromised_since is not None:
        out[8] = int(key.compromised_since.timestamp())
    if key.shards:
        out[9] = [list(shard) for shard in key.shards]
    return out


def _key_in(key: object) -> TrustedKey:
    match key:
        case {
            1: bytes(key_id),
            2: algorithm,
            3: bytes(point),
            4: str(state),
            5: str(use),
            6: list(organisations),
            **rest,
        }:
            end = _time(rest.get(7))
        case _:
            raise Unreadable("trust_list", "key")
    known = state in STATES and use in USES and len(point) == 64 and len(key_id) == cose.KEY_ID_BYTES
    known = known and is_whole(algorithm, cose.ES256 + 1, cose.ES256)
    if not known or not all(is_whole(number, 1 << 16) for number in organisations):
        raise Unreadable("trust_list", "key")
    if (state == "compromised") != (8 in rest):
        raise Unreadable("trust_list", "compromised since when")
    compromised = _time(rest[8]) if 8 in rest else None
    shards = _shards_in(rest[9]) if 9 in rest and use == "status" else ()
    return TrustedKey(key_id, point, state, use, tuple(organisations), end, compromised, shards)


def _shards_in(shards: object) -> tuple[Shard, ...]:
    """In order, each once."""
    found = []
    for one in shards if isinstance(shards, list) else ():
        match one:
            case [organisation, number] if is_whole(organisation, 1 << 16) and is_whole(number, 1 << 12):
                found.append(Shard(organisation, number))
            case _:
                raise Unreadable("trust_list", "shard")
    if not found or found != sorted(set(found)):
        raise Unreadable("trust_list", "shards")
    return tuple(found)


def _module_in(module: object) -> StolenModule:
    match module:
        case [bytes(sub_ca), number, since] if len(sub_ca) == 8 and is_whole(number, 1 << 24):
            return StolenModule(sub_ca, number, _time(since))
    raise Unreadable("trust_list", "module")


def _time(seconds: object) -> datetime:
    if not is_whole(seconds, 1 << 33):
        raise Unreadable("trust_list", "time")
    return datetime.fromtimestamp(seconds, UTC)
