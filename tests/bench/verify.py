"""How fast a code becomes a verdict, how large codes and lists are, how well pictures are read.

    .venv/bin/python tests/bench/verify.py [--quick]

Speed is CPU time of one core, best of five: from the code as scanned to a verdict, with status and filter. Floors are
what cannot be avoided: one ECDSA check in the library, one RSA-1536 and RSA-1024 public operation. Pictures are drawn
as a phone sees them: turned, in perspective, blurred, noisy, compressed. The last line is one JSON object.
"""

import contextlib
import io
import json
import logging
import random
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from functools import partial
from uuid import UUID

import numpy as np
import structlog
from cryptography.hazmat.primitives.asymmetric import ed25519
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from issuance.barcode import picture
from issuance.barcode.qr import ticket as qr_codec
from issuance.domain.terms import Area, Terms
from issuance.domain.ticket import SignedTicket, Ticket
from issuance.domain.times import end_of, start_of
from issuance.domain.verdict import Verdict
from issuance.lists import compact, issued
from issuance.lists.delta import Delta, Head, Snapshot
from issuance.lists.status_list import Shard, StatusList, bits_of
from issuance.lists.trust_list import parse, unwrap
from issuance.signer import ceremony
from issuance.verification.trust import ECDSA_SHA256, assemble
from issuance.verification.verifier import Verifier
from PIL import Image, ImageFilter

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
QUICK = "--quick" in sys.argv
SHARD = Shard(32838, 416)


def ticket(number: int, first_name: str = "Erika Sophie", last_name: str = "Mustermann") -> Ticket:
    return Ticket(
        ticket_id=UUID(int=number),
        number=(416 << 20) + number,
        terms=Terms(32838, area=Area(5000, 11)),
        valid_from=start_of(date(2026, 8, 1)),
        valid_until=end_of(date(2027, 7, 31)),
        first_name=first_name,
        last_name=last_name,
        birth_date=date(2012, 2, 29),
        gender=None,
        token_id=number.to_bytes(8, "big"),
        sequence=number + 1,
        sold_at=NOW,
    )


def best(work: Callable[[], int], rounds: int = 5) -> float:
    """Of `rounds`: how many a second of CPU time."""
    found = []
    for _ in range(rounds):
        start = time.process_time()
        count = work()
        found.append(count / (time.process_time() - start))
    return max(found)


@dataclass(frozen=True)
class Prepared:
    """Tickets that were signed, and who checks them: with status lists alone (`plain`), and after a theft (`full`)."""

    signed: list[SignedTicket]
    plain: Verifier
    full: Verifier


def prepared(count: int) -> Prepared:
    pki = ceremony.make(ceremony.Period.around(NOW.date()), NOW)
    signed = [pki.signer.sign_ticket(ticket(number)) for number in range(count)]
    draw = random.Random(1)
    dead = set(draw.sample(range(count, 1_000_000), 20_000))
    status = pki.signer.sign_status_list(StatusList(SHARD, 1, NOW, NOW + timedelta(days=7), bits_of(dead)))
    parts, listed = issued_parts(pki, signed, draw), parse(unwrap(pki.trust_list).payload)
    # the hardest case: the key was stolen, so that every ticket is looked up in the filter too
    stolen = tuple(
        replace(one, state="compromised", compromised_since=NOW) if one.use == "ticket" else one for one in listed.keys
    )
    trusted = replace(listed, version=2, keys=stolen).sign(pki.trust_root.key_id, pki.trust_root.sign)
    plain = Verifier(assemble(pki.certificates.values(), pki.trust_list, [status]))
    return Prepared(signed, plain, Verifier(assemble(pki.certificates.values(), trusted, [status], (), parts)))


def issued_parts(pki: ceremony.Pki, signed: Sequence[SignedTicket], draw: random.Random) -> list[bytes]:
    """Lists of what was issued, filled up with others."""
    key = pki.signer.status_key
    checker = Verifier(assemble(pki.certificates.values(), pki.trust_list, ()))
    keys = [checker.issued_keys(one.vdv, one.qr) for one in signed]
    padding = [draw.randbytes(16) for _ in range(10_000 if QUICK else 100_000)]
    head = Head(SHARD, 1, NOW, NOW + timedelta(days=7))
    return [
        part.sign(key.key_id, key.sign)
        for at, form in enumerate(issued.FORMS)
        for part in issued.build(head, form, [*(one[at] for one in keys), *padding])
    ]


def speed(figures: dict[str, float]) -> None:
    made = prepared(300 if QUICK else 1500)
    at = NOW + timedelta(hours=1)

    def run(verifier: Verifier, form: str) -> int:
        for one in made.signed:
            finding = verifier.verify_qr(one.qr, at) if form == "qr" else verifier.verify_vdv(one.vdv, at)
            assert finding.verdict is Verdict.VALID
        return len(made.signed)

    for name, verifier in (("status", made.plain), ("status_and_filter", made.full)):
        for form in ("qr", "vdv"):
            figures[f"{form}_{name}_per_s"] = best(partial(run, verifier, form))
    floors(made, figures)
    figures["qr_status_and_filter_share_of_floor"] = (
        figures["qr_status_and_filter_per_s"] / figures["ecdsa_floor_per_s"]
    )
    figures["qr_own_part_us"] = 1e6 / figures["qr_status_and_filter_per_s"] - 1e6 / figures["ecdsa_floor_per_s"]
    spent = []
    for one in made.signed:
        start = time.perf_counter()
        made.full.verify_qr(one.qr, at)
        spent.append(time.perf_counter() - start)
    figures["qr_p99_ms"] = sorted(spent)[len(spent) * 99 // 100] * 1000
    forged = [replace(one, qr=one.qr[:-1] + ("A" if one.qr[-1] != "A" else "B")) for one in made.signed[:200]]
    assert not any(made.full.verify_qr(one.qr, at).verdict is Verdict.VALID for one in forged)


def floors(made: Prepared, figures: dict[str, float]) -> None:
    """Signatures alone, by the algorithm that we have and by the other that COSE knows."""
    unwrapped = [qr_codec.unwrap(one.qr) for one in made.signed]
    (public,) = [one.public for one in made.plain.trust.keys.values()]
    ready = [
        (
            encode_dss_signature(*(int.from_bytes(half, "big") for half in (one.signature[:32], one.signature[32:]))),
            one.to_be_signed,
        )
        for one in unwrapped
    ]

    def floor() -> int:
        for signature, data in ready:
            public.verify(signature, data, ECDSA_SHA256)
        return len(made.signed)

    figures["ecdsa_floor_per_s"] = best(floor)
    other = ed25519.Ed25519PrivateKey.generate()
    by_other, known = [(other.sign(one.to_be_signed), one.to_be_signed) for one in unwrapped], other.public_key()
    # slower to check, and no reader's WebCrypto had it everywhere
    figures["ed25519_floor_per_s"] = best(lambda: len([known.verify(*one) for one in by_other]))


def sizes(figures: dict[str, float]) -> None:
    pki = ceremony.make(ceremony.Period.around(NOW.date()), NOW)
    key, draw = pki.signer.status_key, random.Random(2)
    names = [("Erika Sophie", "Mustermann"), ("Li", "Wu"), ("Maximiliane Friederike", "von Hohenlohe-Schillingsfürst")]
    for label, (first, last) in zip(("typical", "short", "longest"), names, strict=True):
        signed = pki.signer.sign_ticket(ticket(4711, first, last))
        figures[f"qr_{label}_characters"] = len(signed.qr)
        figures[f"qr_{label}_modules"] = modules(picture.qr_png(signed.qr), 8)
        figures[f"vdv_{label}_bytes"] = len(signed.vdv)
        figures[f"vdv_{label}_modules"] = modules(picture.aztec_png(signed.vdv), 6)
    head = Head(SHARD, 400, NOW, NOW + timedelta(days=7))
    dead = draw.sample(range(1_000_000), 20_000)
    bits = bits_of(dead)
    figures["snapshot_bytes"] = len(Snapshot(head, bits).sign(key.key_id, key.sign))
    figures["token_status_list_bytes"] = len(pki.signer.sign_status_list(StatusList(SHARD, 400, NOW, NOW, bits)))
    blocks = draw.sample(range(1000), 20)
    classes = {block * 1000 + draw.randrange(1000) for block in blocks for _ in range(1200)} | set(dead[:6000])
    figures["snapshot_in_clusters_bytes"] = len(compact.encode(classes))
    after = bits_of({*dead, *draw.sample(sorted(set(range(1_000_000)) - set(dead)), 200)})
    figures["delta_of_200_bytes"] = len(Delta.between(head, bits, after).sign(key.key_id, key.sign))
    count = 20_000 if QUICK else 100_000
    start = time.process_time()
    parts = issued.build(head, "qr", [draw.randbytes(16) for _ in range(count)])
    figures["filter_build_s_per_100k"] = (time.process_time() - start) * 100_000 / count
    figures["filter_bytes_per_ticket"] = sum(len(part.filter.cells) for part in parts) / count
    strangers = 200_000 if not QUICK else 20_000
    figures["filter_strangers_passed_of_million"] = (
        sum(draw.randbytes(16) in parts[0].filter for _ in range(strangers)) * 1_000_000 / strangers
    )


def modules(png: bytes, scale: int) -> int:
    return Image.open(io.BytesIO(png)).width // scale - 8


def photo(png: bytes, level: int, draw: random.Random) -> bytes:
    """1280 x 960, the code at 0.5 to 0.36 of the height. Level 0 is clean, 4 is what nobody should hold out."""
    turn, bend, blur, noise, share, quality = (
        (0, 0.0, 0.0, 0, 0.5, 90),
        (8, 0.03, 0.6, 5, 0.5, 80),
        (15, 0.06, 1.0, 10, 0.46, 65),
        (25, 0.09, 1.4, 14, 0.42, 50),
        (25, 0.09, 1.8, 18, 0.36, 40),
    )[level]
    code = Image.open(io.BytesIO(png)).convert("L")
    side = int(960 * share)
    code = code.resize((side * 2, side * 2), Image.Resampling.BICUBIC)
    scene = Image.new("L", (1280, 960), 150)
    tile = Image.new("LA", (side * 3, side * 3), (0, 0))
    tile.paste(code.convert("LA"), (side // 2, side // 2))
    shift = [draw.uniform(-bend, bend) * side * 2 for _ in range(8)]
    corners = (
        shift[0],
        shift[1],
        shift[2],
        side * 3 + shift[3],
        side * 3 + shift[4],
        side * 3 + shift[5],
        side * 3 + shift[6],
        shift[7],
    )
    tile = tile.transform(tile.size, Image.Transform.QUAD, corners, Image.Resampling.BICUBIC)
    tile = tile.rotate(draw.uniform(-turn, turn), Image.Resampling.BICUBIC).resize(
        (side * 3 // 2,) * 2, Image.Resampling.LANCZOS
    )
    scene.paste(tile.convert("L"), (300 + draw.randrange(100), 100 + draw.randrange(60)), tile.getchannel("A"))
    scene = scene.filter(ImageFilter.GaussianBlur(blur))
    grain = np.random.default_rng(draw.randrange(1 << 30)).normal(0, noise, (960, 1280))
    out = io.BytesIO()
    Image.fromarray(np.clip(np.asarray(scene) + grain, 0, 255).astype(np.uint8)).save(out, "JPEG", quality=quality)
    return out.getvalue()


def photos(figures: dict[str, float]) -> None:
    pki = ceremony.make(ceremony.Period.around(NOW.date()), NOW)
    draw, count = random.Random(3), 4 if QUICK else 20
    signed = pki.signer.sign_ticket(ticket(4711))
    codes = {"qr": picture.qr_png(signed.qr), "vdv": picture.aztec_png(signed.vdv)}
    wanted = {"qr": signed.qr.encode(), "vdv": signed.vdv}
    for form, png in codes.items():
        for level in range(5):
            hits, spent = 0, 0.0
            for _ in range(count):
                shot = photo(png, level, draw)
                start = time.process_time()
                with contextlib.suppress(ValueError):
                    hits += wanted[form] in picture.read(shot)
                spent += time.process_time() - start
            figures[f"photo_{form}_level{level}_read_share"] = hits / count
            figures[f"photo_{form}_level{level}_ms"] = 1000 * spent / count


def main() -> None:
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    figures: dict[str, float] = {}
    for part in (speed, sizes, photos):
        part(figures)
    for name, value in figures.items():
        print(f"{name:44} {value:12,.2f}")
    print(json.dumps({name: round(value, 3) for name, value in figures.items()}))


if __name__ == "__main__":
    main()
