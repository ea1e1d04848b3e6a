"""Trials by command: mutants of every code and list, and a drill with a stolen key. Small seeds run in the tests.

They need no running system and use throw-away keys. A trial that finds something raises TrialFailure, which names the
case.
"""

import random
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from uuid import UUID

from issuance.barcode.refusal import Refusal
from issuance.barcode.vdv import certificate, envelope, tlv
from issuance.barcode.vdv.envelope import SEVERAL, TAG_COUNT, TAG_HOLDER, TAG_ISSUER, TAG_REST, TAG_SIGNATURE
from issuance.domain.terms import Terms
from issuance.domain.ticket import SignedTicket, Ticket
from issuance.domain.times import end_of, start_of
from issuance.domain.verdict import Verdict
from issuance.lists import issued
from issuance.lists.delta import Delta, Head, Snapshot
from issuance.lists.status_list import Shard, StatusList, bits_of, shard_of
from issuance.lists.trust_list import StolenModule, parse, unwrap
from issuance.signer import ceremony
from issuance.signer.keys import EcKey, RsaKey, Signer
from issuance.verification import reading
from issuance.verification.list_changes import open_delta, open_snapshot
from issuance.verification.trust import Trust, Unusable, assemble
from issuance.verification.verifier import Verifier

_LETTERS = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
_FIRST_NAMES = ("Zoë", "Jörg", "Łucja", "Erika", "Đặng", "Ali")
ORGANISATION = 70 + 0x8000


class TrialFailure(Exception):
    """What must not be: a mutant that is valid, or an error that has no type."""


def a_ticket(draw: random.Random, place: int, now: datetime) -> Ticket:
    """A ticket for 300 days from today, under place `place` of one shard, with a name and a birth date at random."""
    day = now.date()
    return Ticket(
        ticket_id=UUID(int=draw.getrandbits(128), version=4),
        number=(416 << 20) + place,
        terms=Terms(ORGANISATION),
        valid_from=start_of(day),
        valid_until=end_of(day + timedelta(days=300)),
        first_name=draw.choice(_FIRST_NAMES),
        last_name="Müßter",
        birth_date=date(2005 + draw.randrange(14), 1 + draw.randrange(12), 1 + draw.randrange(28)),
        gender=None,
        token_id=draw.randbytes(8),
        sequence=1 + place,
        sold_at=now,
    )


def forms_of(*codes: bytes) -> tuple[bytes, bytes]:
    """Several tickets in one code (`EF`), and the first of them in the reduced form, which names its module only."""
    outers = [envelope.parse(code) for code in codes]
    pairs = [tlv.write(TAG_SIGNATURE, one.signature) + tlv.write(TAG_REST, one.rest) for one in outers]
    end = outers[0].certificate.encode() + tlv.write(TAG_ISSUER, outers[0].issuer)
    count = tlv.write(TAG_COUNT, bytes((len(codes),)))
    return tlv.write(SEVERAL[0], count + b"".join(pairs) + end), pairs[0] + tlv.write(TAG_HOLDER, bytes(12))


@dataclass(frozen=True)
class Target:
    """Something that is decoded: a genuine example, and what takes it. `take` says whether it was accepted."""

    name: str
    genuine: bytes
    take: Callable[[bytes], bool]


def refusal_check(read: Callable[[bytes], object]) -> Callable[[bytes], bool]:
    """Whether it was read without a refusal."""

    def take(data: bytes) -> bool:
        try:
            read(data)
        except (Refusal, Unusable):
            return False
        return True

    return take


def targets(draw: random.Random, now: datetime) -> list[Target]:
    """Both codes, the trust list, and every list that a scanner reads."""
    pki = ceremony.make(ceremony.Period.around(now.date()), now)
    key, trust = pki.signer.status_key, assemble(pki.certificates.values(), pki.trust_list, ())
    ticket = a_ticket(draw, 4711, now)
    codes, verifier = pki.signer.sign_ticket(ticket), Verifier(trust, status_optional=True)
    several, _ = forms_of(codes.vdv, pki.signer.sign_ticket(a_ticket(draw, 4712, now)).vdv)
    head = Head(shard_of(ORGANISATION, ticket.number), 2, now, now + timedelta(days=7))
    old, new = bits_of([5]), bits_of(draw.sample(range(1_000_000), 50))
    status = pki.signer.sign_status_list(StatusList(head.shard, 2, now, head.expires_at, new))
    snapshot = Snapshot(head, new).sign(key.key_id, key.sign)
    delta = Delta.between(head, old, new).sign(key.key_id, key.sign)
    (part,) = issued.build(head, "qr", [draw.randbytes(16) for _ in range(20)])

    def valid(data: bytes) -> bool:
        found = reading.read_code(verifier, data, now)
        if not found.reasons:
            raise TrialFailure(f"a verdict without a reason: {data.hex()}")
        return found.verdict in (Verdict.VALID, Verdict.STATUS_STALE)

    return [
        Target("vdv", codes.vdv, valid),
        Target("several vdv", several, valid),
        Target("qr", codes.qr.encode(), valid),
        Target("trust list", pki.trust_list, refusal_check(lambda data: assemble((), data, ()))),
        Target("status list", status, refusal_check(lambda data: assemble((), pki.trust_list, [data]))),
        Target("snapshot", snapshot, refusal_check(lambda data: open_snapshot(data, trust))),
        Target("delta", delta, refusal_check(lambda data: open_delta(data, trust))),
        Target(
            "issued list",
            part.sign(key.key_id, key.sign),
            refusal_check(lambda data: assemble((), pki.trust_list, (), (), [data])),
        ),
    ]


def fuzz(count: int, seed: int, now: datetime) -> dict[str, int]:
    """`count` mutants of each target. Returns how many were tried; raises TrialFailure."""
    draw = random.Random(seed)  # noqa: S311  # a trial that can be repeated
    tried = {}
    for target in targets(draw, now):
        if not target.take(target.genuine):
            raise TrialFailure(f"{target.name}: the genuine one is refused")
        for number in range(count):
            mutant = mutate(target.genuine, draw)
            try:
                taken = mutant != target.genuine and target.take(mutant)
            except TrialFailure:
                raise
            except Exception as error:
                raise TrialFailure(f"{target.name} {number}: {type(error).__name__} for {mutant.hex()}") from error
            if taken:
                raise TrialFailure(f"{target.name} {number}: accepted {mutant.hex()}")
        tried[target.name] = count
    return tried


def mutate(data: bytes, draw: random.Random) -> bytes:
    """One to four changes: a byte, a letter, a piece away, in, doubled, swapped; or mere noise."""
    if draw.random() < 0.02:
        return draw.randbytes(draw.randrange(500))
    out = bytearray(data)
    for _ in range(draw.randint(1, 4)):
        at = draw.randrange(len(out) + 1)
        end = min(len(out), at + draw.choice((1, 1, 2, 8, 64)))
        match draw.randrange(7):
            case 0 if at < len(out):
                out[at] ^= 1 << draw.randrange(8)
            case 1 if at < len(out):
                out[at] = draw.choice(_LETTERS)
            case 2:
                del out[at:end]
            case 3:
                out[at:at] = draw.randbytes(draw.randint(1, 4))
            case 4:
                out[at:at] = out[at:end]
            case 5:
                del out[at:]
            case _ if at < len(out):
                out[at] = draw.choice((0, 1, 0x7F, 0x80, 0xFF))
    return bytes(out)


def drill(count: int, seed: int, now: datetime) -> dict[str, float]:
    """A thief has both signing keys and knows honest numbers. Returns what scanners say; raises TrialFailure.

    1. `count` honest tickets, and as many forged ones that copy number and token of an honest one.
    2. Key and module are compromised; the filter of issued tickets goes out; every honest ticket is signed anew in
       both codes, by another key and another module.
    """
    draw = random.Random(seed)  # noqa: S311
    pki = ceremony.make(ceremony.Period.around(now.date()), now)
    honest = [a_ticket(draw, place, now) for place in range(count)]
    forged = [replace(ticket, first_name="Dieb", birth_date=date(2001, 1, 1)) for ticket in honest]
    codes = [pki.signer.sign_ticket(ticket) for ticket in honest]
    stolen_codes = [pki.signer.sign_ticket(ticket) for ticket in forged]
    new_signer = _another_signer(pki)
    trust = _after_the_theft(pki, new_signer, codes, now)
    scanner, at = Verifier(trust), now + timedelta(hours=1)
    wrong_red = passed = signed_again = 0
    for ticket, good, bad in zip(honest, codes, stolen_codes, strict=True):
        renewed = new_signer.sign_ticket(ticket)
        new = scanner.verify_qr(renewed.qr, at), scanner.verify_vdv(renewed.vdv, at)
        old = scanner.verify_qr(good.qr, at), scanner.verify_vdv(good.vdv, at)
        wrong_red += any(found.verdict is not Verdict.VALID for found in (*old, *new))
        signed_again += all("key_compromised_but_issued" not in found.reasons for found in new)
        passed += (scanner.verify_qr(bad.qr, at).verdict is Verdict.VALID) + (
            scanner.verify_vdv(bad.vdv, at).verdict is Verdict.VALID
        )
    if wrong_red:
        raise TrialFailure(f"{wrong_red} honest tickets are not valid")
    if signed_again != count:
        raise TrialFailure(f"{count - signed_again} tickets still hang on a stolen key after they were signed anew")
    if passed > 8 + count * 2 * 4 / 65536:  # 1 in 65,536 is expected to slip through
        raise TrialFailure(f"{passed} forged codes are valid")
    told = {"honest": count, "honest_not_valid": wrong_red, "signed_anew": signed_again}
    filters = sum(len(part.filter.cells) for one in trust.issued.values() for part in one.parts)
    return {**told, "forged": 2 * count, "forged_valid": passed, "bytes": filters}


def _another_signer(pki: ceremony.Pki) -> Signer:
    """Another key and another module under the same sub-CA, as `issuance key compromise` and `key module` make them."""
    before, module_key = pki.signer, RsaKey.generate(ceremony.MODULE_BITS)
    sam = certificate.parse_sam_holder(before.module.holder)
    other = replace(sam, number=sam.number % 0xFFFFFF + 1)
    module = ceremony.module_content(before.sub_ca.name, other, before.last_day, module_key)
    certified = pki.sub_ca_key.certify(module)
    return replace(
        before, module_key=module_key, module_certificate=certified, module=module, ticket_key=EcKey.generate()
    )


def _after_the_theft(pki: ceremony.Pki, new_signer: Signer, codes: list[SignedTicket], now: datetime) -> Trust:
    """What scanners have then."""
    key, root, new_key = pki.signer.status_key, pki.trust_root, new_signer.ticket_key
    listed = parse(unwrap(pki.trust_list).payload)
    keys = [
        replace(one, state="compromised", compromised_since=now) if one.use == "ticket" else one for one in listed.keys
    ]
    keys.append(replace(listed.keys[0], key_id=new_key.key_id, point=new_key.point))
    number = certificate.parse_sam_holder(pki.signer.module.holder).number
    module = StolenModule(pki.signer.sub_ca.name, number, now)
    trusted = replace(listed, version=2, keys=tuple(keys), modules=(module,)).sign(root.key_id, root.sign)
    reader = Verifier(assemble(pki.certificates.values(), pki.trust_list, ()))
    both = [reader.issued_keys(one.vdv, one.qr) for one in codes]
    head = Head(Shard(ORGANISATION, 416), 1, now, now + timedelta(days=30))
    parts = [
        part.sign(key.key_id, key.sign)
        for at, form in enumerate(issued.FORMS)
        for part in issued.build(head, form, (one[at] for one in both))
    ]
    status = pki.signer.sign_status_list(StatusList(head.shard, 1, now, head.expires_at, bits_of(())))
    return assemble(pki.certificates.values(), trusted, [status], (), parts)
