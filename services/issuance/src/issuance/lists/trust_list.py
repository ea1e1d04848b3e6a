"""The trust list: which keys may sign tickets and status lists, in which state, signed by the offline root.

CBOR map in a tagged COSE_Sign1: 1 version, 2 issued at, 3 expires at (seconds), 4 keys,
5 the root itself (x and y): a scanner pins it when it first meets the list. A key: 1 key id (4 bytes),
2 algorithm (-7, ES256), 3 x and y of the P-256 point (64 bytes), 4 state, 5 use, 6 organisation ids,
7 not after (seconds), 8 compromised since (seconds, only in that state).
6, only where there are any: stolen modules of the VDV code, each [sub-CA's name, module number, since (seconds)].

States. `next`: published a week and more before it signs, so that scanners know it in time; `active`: signs;
`retired`: signs no more, its tickets stay good; `compromised`: good is only what the list of issued tickets knows.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import NamedTuple

import cbor2

from issuance.barcode.qr import cose
from issuance.barcode.refusal import Unreadable

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

    def encode(self) -> bytes:
        keys = [_key_out(key) for key in self.keys]
        times = {2: int(self.issued_at.timestamp()), 3: int(self.expires_at.timestamp())}
        claims: dict[int, object] = {1: self.version, **times, 4: keys, 5: self.root}
        if self.modules:
            claims[6] = [[one.sub_ca, one.number, int(one.since.timestamp())] for one in self.modules]
        return cbor2.dumps(claims, canonical=True)

    def sign(self, root_key_id: bytes, sign: Callable[[bytes], bytes]) -> bytes:
        return cose.sign_list(root_key_id, KIND, self.encode(), sign)


def unwrap(data: bytes) -> cose.Signed:
    """The signed bytes, unchecked."""
    return cose.open_list(data, KIND)


def parse(payload: bytes) -> TrustList:
    """The payload, unchecked: the list brings the key that must have signed it. Raises Unreadable `trust_list`."""
    match cose.decode_canonical(payload):
        case {1: int(version), 2: int(issued), 3: int(expires), 4: list(keys), 5: bytes(root), **rest}:
            is_known = len(root) == 64 and rest.keys() <= {6} and rest.get(6) != []
            modules = rest.get(6, [])
            if is_known and isinstance(modules, list):
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
    return out


def _key_in(key: object) -> TrustedKey:
    match key:
        case {
            1: bytes(key_id),
            2: cose.ES256,
            3: bytes(point),
            4: str(state),
            5: str(use),
            6: list(organisations),
            **rest,
        }:
            end, since = rest.get(7), rest.get(8)
        case _:
            raise Unreadable("trust_list", "key")
    if type(end) is not int:
        raise Unreadable("trust_list", "key")
    known = state in STATES and use in USES and len(point) == 64 and len(key_id) == cose.KEY_ID_BYTES
    if not known or not all(type(number) is int for number in organisations):
        raise Unreadable("trust_list", "key")
    if (state == "compromised") != (type(since) is int):
        raise Unreadable("trust_list", "compromised since when")
    compromised = _time(since) if type(since) is int else None
    return TrustedKey(key_id, point, state, use, tuple(organisations), _time(end), compromised)


def _module_in(module: object) -> StolenModule:
    match module:
        case [bytes(sub_ca), int(number), int(since)] if len(sub_ca) == 8 and 0 <= number < 1 << 24:
            return StolenModule(sub_ca, number, _time(since))
    raise Unreadable("trust_list", "module")


def _time(seconds: int) -> datetime:
    if not 0 <= seconds < 1 << 33:
        raise Unreadable("trust_list", "time")
    return datetime.fromtimestamp(seconds, UTC)
