"""Trust list, status lists, snapshots, deltas and the lists of issued tickets, as the document says."""

from dataclasses import dataclass, field
from hashlib import sha256
from itertools import pairwise

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec, utils
from cryptography.hazmat.primitives.hashes import SHA256
from support.format_reader.forms import PLACES, Stop, Tag, cbor, compact, inflate, whole
from support.json import Json, octets, text, walked
from support.json import whole as integer

KIND = "application/"
TRUST, ISSUED = KIND + "schulticket-trust-list+cbor", KIND + "schulticket-issued+cbor"
STATUS = {KIND + "statuslist+cwt": 1, KIND + "schulticket-statuslist.v2+cwt": 2}
SNAPSHOT = {KIND + "schulticket-status+cbor": 1, KIND + "schulticket-status.v2+cbor": 2}
DELTA = {KIND + "schulticket-delta+cbor": 1, KIND + "schulticket-delta.v2+cbor": 2}
SECONDS, NUMBERS = 1 << 33, 1 << 53
STATES = ("next", "active", "retired", "compromised")


class Unusable(Exception):
    """A set of lists that must not be used."""


@dataclass
class Status:
    """A status list of one shard; `bits`: of each place, in `width` bits."""

    version: int
    width: int
    since: int
    until: int
    bits: bytes


@dataclass
class Set:
    keys: dict[bytes, Json] = field(default_factory=dict)
    trust: Json | None = None
    modules: dict[tuple[bytes, int], int] = field(default_factory=dict)
    status: dict[tuple[int, int], Status] = field(default_factory=dict)
    parts: list[Json] = field(default_factory=list)


def need(is_so: object) -> None:
    if not is_so:
        raise Unusable


def has_signed(point: bytes, signature: bytes, content: bytes) -> bool:
    try:
        key = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), b"\4" + point)
        r, s = int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big")
        key.verify(utils.encode_dss_signature(r, s), content, ec.ECDSA(SHA256()))
    except (InvalidSignature, ValueError):
        return False
    return True


def string(data: bytes) -> bytes:
    """A byte string in CBOR."""
    size = len(data)
    if size < 24:
        return bytes((64 + size,)) + data
    width = 1 if size < 1 << 8 else 2 if size < 1 << 16 else 4
    return bytes(({1: 0x58, 2: 0x59, 4: 0x5A}[width],)) + size.to_bytes(width, "big") + data


def opened(data: bytes) -> tuple[str, bytes, Json, bytes, bytes]:
    """Kind, key id, payload, what is signed, signature. Raises Unusable."""
    try:
        outer: object = cbor(data)
        if not (isinstance(outer, Tag) and outer.number == 18):
            raise Unusable
        need(isinstance(outer.value, list) and len(outer.value) == 4)
        protected, empty, payload, signature = walked(outer.value)
        need(
            empty == {}
            and isinstance(empty, dict)
            and all(isinstance(x, bytes) for x in (protected, payload, signature))
        )
        header = cbor(octets(protected))
        need(isinstance(header, dict) and set(header) == {1, 4, 16} and whole(header[1], -6, -7))
        need(isinstance(header[4], bytes) and len(signature) == 64)
        claims = cbor(octets(payload))
    except Stop:
        raise Unusable from None
    signed = b"\x84\x6aSignature1" + string(octets(protected)) + b"\x40" + string(octets(payload))
    return str(header[16]), octets(header[4]), claims, signed, octets(signature)


def read(trusted: bytes | None, statuses: list[bytes], issued: list[bytes]) -> Set:
    """Raises Unusable."""
    made = Set()
    if trusted is not None:
        _trust(made, trusted)
    for data in statuses:
        _status(made, data)
    for data in issued:
        _issued(made, data)
    return made


def _trust(made: Set, data: bytes) -> None:
    kind, _, claims, signed, signature = opened(data)
    need(kind == TRUST and isinstance(claims, dict) and {1, 2, 3, 4, 5} <= set(claims) <= {1, 2, 3, 4, 5, 6})
    need(whole(claims[1], NUMBERS, 1) and whole(claims[2], SECONDS) and whole(claims[3], SECONDS))
    need(isinstance(claims[4], list) and isinstance(claims[5], bytes) and len(claims[5]) == 64)
    need(6 not in claims or (isinstance(claims[6], list) and claims[6]))
    for module in claims.get(6, []):
        need(isinstance(module, list) and len(module) == 3 and isinstance(module[0], bytes) and len(module[0]) == 8)
        need(whole(module[1], 1 << 24) and whole(module[2], SECONDS))
        made.modules[octets(module[0]), integer(module[1])] = integer(module[2])
    for key in claims[4]:
        _key(key)
        need(octets(key[1]) not in made.keys)
        made.keys[octets(key[1])] = key
    need(has_signed(octets(claims[5]), signature, signed))
    made.trust = claims


def _key(key: Json) -> None:
    need(isinstance(key, dict) and {1, 2, 3, 4, 5, 6, 7} <= set(key))
    need(isinstance(key[1], bytes) and len(key[1]) == 4 and whole(key[2], -6, -7))
    need(isinstance(key[3], bytes) and len(key[3]) == 64 and key[4] in STATES and key[5] in ("ticket", "status"))
    need(isinstance(key[6], list) and all(whole(one, 1 << 16) for one in key[6]) and whole(key[7], SECONDS))
    need((8 in key) == (key[4] == "compromised") and whole(key.get(8, 0), SECONDS))
    ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), b"\4" + octets(key[3]))
    if 9 in key and key[5] == "status":
        need(isinstance(key[9], list) and key[9] and all(map(_is_shard, key[9])))
        shards = [shard_of(each) for each in key[9]]
        need(all(one < other for one, other in pairwise(shards)))


def _is_shard(one: object) -> bool:
    return isinstance(one, list) and len(one) == 2 and whole(one[0], 1 << 16) and whole(one[1], 1 << 12)


def shard_of(pair: Json) -> tuple[int, int]:
    organisation_id, number = pair
    return integer(organisation_id), integer(number)


def _speaks(made: Set, key_id: bytes, shard: tuple[int, int], signed: bytes, signature: bytes) -> None:
    key = made.keys.get(key_id)
    need(key is not None and key[5] == "status" and has_signed(octets(key[3]), signature, signed))
    need(key is not None and key[4] != "compromised" and (not key[6] or shard[0] in key[6]))


def _status(made: Set, data: bytes) -> None:
    kind, key_id, claims, signed, signature = opened(data)
    width = STATUS.get(kind)
    need(width and isinstance(claims, dict) and isinstance(claims.get(2), str))
    shard = _shard_of(text(claims[2]).rpartition("/")[2])
    version, epoch = claims.get(-65536 - (width or 0)), claims.get(-65539)
    need(whole(claims.get(4), SECONDS) and whole(claims.get(6), SECONDS) and whole(version, NUMBERS, 1))
    need(width == 1 or whole(epoch, NUMBERS, 1))
    inner = claims.get(65533)
    need(
        isinstance(inner, dict) and set(inner) == {"bits", "lst"} and whole(inner["bits"], (width or 0) + 1, width or 0)
    )
    need(isinstance(inner["lst"], bytes))
    try:
        bits = inflate(octets(inner["lst"]), PLACES // 8 * (width or 0))
    except ValueError:
        raise Unusable from None
    need(width == 1 or not any(byte >> shift & 3 == 3 for byte in bits if byte for shift in (0, 2, 4, 6)))
    _speaks(made, key_id, shard, signed, signature)
    _take(made, shard, Status(integer(version), width or 0, integer(claims[6]), integer(claims[4]), bits))


def _take(made: Set, shard: tuple[int, int], one: Status) -> None:
    known = made.status.get(shard)
    if known is None or (known.version, known.width) < (one.version, one.width):
        made.status[shard] = one


def _shard_of(text: str) -> tuple[int, int]:
    parts = text.split("-")
    need(len(parts) == 2 and all(part.isascii() and part.isdigit() and str(int(part)) == part for part in parts))
    shard = int(parts[0]), int(parts[1])
    need(shard[0] < 1 << 16 and shard[1] < 1 << 12)
    return shard


def state_of(one: Status, place: int) -> int:
    if one.width == 1:
        return one.bits[place // 8] >> place % 8 & 1
    return one.bits[place // 4] >> place % 4 * 2 & 3


def _head(claims: Json, keys: set[int]) -> None:
    need(isinstance(claims, dict) and set(claims) == keys and _is_shard(claims[1]))
    need(whole(claims[2], NUMBERS, 1) and whole(claims[3], SECONDS) and whole(claims[4], SECONDS))
    need(9 not in claims or whole(claims[9], NUMBERS, 1))


def chain(made: Set, snapshot: bytes, deltas: list[bytes]) -> list[tuple[int, bytes]]:
    """Version and bit list of the snapshot and after each delta. Raises Unusable."""
    kind, key_id, claims, signed, signature = opened(snapshot)
    width = SNAPSHOT.get(kind, 0)
    _head(claims, {1, 2, 3, 4, 5} if width == 1 else {1, 2, 3, 4, 9, 10, 11})
    _speaks(made, key_id, shard_of(claims[1]), signed, signature)
    sets = [claims[5]] if width == 1 else [claims[10], claims[11]]
    states = [(integer(claims[2]), _changed(bytes(PLACES // 8 * width), width, sets, [1, 2]))]
    for data in deltas:
        before = claims
        kind, key_id, claims, signed, signature = opened(data)
        need(DELTA.get(kind) == width)
        _head(claims, set(range(1, 9)) if width == 1 else {1, 2, 3, 4, 9, *range(10, 15)})
        _speaks(made, key_id, shard_of(claims[1]), signed, signature)
        need(claims[1] == before[1] and integer(claims[2]) == integer(before[2]) + 1)
        need(integer(claims[3]) >= integer(before[3]))
        need(integer(claims.get(9, 0)) >= integer(before.get(9, 0)))
        sets, hashes = (
            ([claims[5], claims[6]], (7, 8)) if width == 1 else ([claims[10], claims[11], claims[12]], (13, 14))
        )
        need(sha256(states[-1][1]).digest() == claims[hashes[0]])
        after = _changed(states[-1][1], width, sets, [1, 0] if width == 1 else [1, 2, 0])
        need(sha256(after).digest() == claims[hashes[1]])
        states.append((integer(claims[2]), after))
    return states


def _changed(bits: bytes, width: int, sets: list[Json], values: list[int]) -> bytes:
    made, seen, a_byte = bytearray(bits), set[int](), 8 // width
    for value, data in zip(values, sets, strict=False):
        need(isinstance(data, bytes))
        try:
            places = compact(octets(data))
        except (ValueError, IndexError):
            raise Unusable from None
        need(not seen.intersection(places))
        seen.update(places)
        for place in places:
            shift = place % a_byte * width
            made[place // a_byte] = made[place // a_byte] & ~((2**width - 1) << shift) | value << shift
    return bytes(made)


def is_power_of_two(number: int) -> bool:
    return number & (number - 1) == 0


def _issued(made: Set, data: bytes) -> None:
    kind, key_id, claims, signed, signature = opened(data)
    need(kind == ISSUED)
    _head(claims, set(range(1, 8)))
    share, cells = claims[6], claims[7]
    need(whole(claims[5], 2) and isinstance(share, list) and len(share) == 2 and whole(share[1], 65, 1))
    need(is_power_of_two(integer(share[1])) and whole(share[0], integer(share[1])))
    need(isinstance(cells, list) and len(cells) == 4 and isinstance(cells[0], bytes) and len(cells[0]) == 8)
    need(whole(cells[1], 1 << 23, 1) and is_power_of_two(integer(cells[1])) and whole(cells[2], 1 << 22, 1))
    need(isinstance(cells[3], bytes) and len(cells[3]) == (integer(cells[2]) + 2) * integer(cells[1]) * 2)
    _speaks(made, key_id, shard_of(claims[1]), signed, signature)
    made.parts.append(claims)


def issued_of(made: Set, shard: tuple[int, int], form: int) -> list[Json]:
    """The parts of the newest version of which all are there; none where there is no such."""
    of_shard = [one for one in made.parts if shard_of(one[1]) == shard and one[5] == form]
    for version in sorted({integer(one[2]) for one in of_shard}, reverse=True):
        parts = {integer(one[6][0]): one for one in of_shard if one[2] == version}
        whole_set = {integer(one[6][1]) for one in parts.values()}
        if len(whole_set) == 1 and set(parts) == set(range(whole_set.pop())):
            return [parts[number] for number in sorted(parts)]
    return []


def was_issued(parts: list[Json], content: bytes) -> bool:
    key = sha256(content).digest()[:16]
    seed, length, segments, cells = parts[int.from_bytes(key[:4], "big") % len(parts)][7]
    h = sha256(octets(seed) + key).digest()
    segment, mixed = int.from_bytes(h[:4], "big") * integer(segments) >> 32, 0
    for i in range(3):
        place = (segment + i) * integer(length) + int.from_bytes(h[4 + 4 * i : 8 + 4 * i], "big") % integer(length)
        mixed ^= int.from_bytes(octets(cells)[2 * place : 2 * place + 2], "big")
    return mixed == int.from_bytes(h[16:18], "big")
