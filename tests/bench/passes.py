"""Wallet passes a second and core: a whole pass, beside the floor of its parts and what others make.

    .venv/bin/python tests/bench/passes.py [--seconds 0.4] [--rounds 5] [--without-peers]

What is measured, on the same ticket with the same pictures, words and key:
  checked       pass.json, manifest, signature, archive, and the check of all of it; 50 at once, as the worker has them
  one by one    the same for one pass at a time, as for a phone that asks
  unchecked     50 at once without the check
  google        object, and the signed token of the save link
  floor         raw RSA-2048 signature, SHA-1 of what changes, a stored archive of ready files: what cannot be avoided
  plain         cryptography's PKCS7 and zipfile, nothing prepared but the loaded key: what most libraries do at best
and, each in a process of its own, the programs of pass_peers.py (the first time they are installed, by name).
Rounds alternate; the median counts, in CPU time with that of started processes, because the machine has other work.
Decides nothing.
"""

import argparse
import hashlib
import json
import os
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from functools import partial
from io import BytesIO
from pathlib import Path
from statistics import median
from uuid import UUID
from zipfile import ZIP_STORED, ZipFile

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.serialization import pkcs7
from pass_peers import Round, peers
from wallet_pass import certificates, credentials
from wallet_pass.apple.archive import archive, block
from wallet_pass.apple.package import UNLISTED, AppleWallet, _fixed_files
from wallet_pass.apple.pass_json import pass_json
from wallet_pass.apple.signature import Signer
from wallet_pass.domain.designs import DEFAULT_DESIGN
from wallet_pass.domain.passes import AuthenticationToken, Pass, PassToken, State
from wallet_pass.domain.tickets import Ticket
from wallet_pass.google.wallet import GoogleWallet, ServiceAccount

NOW = datetime.now(UTC)
URL = "https://pass.example"
BATCH = 50
VDV_BYTES = 362
"""The size of a real Deutschlandticket's barcode (docs/sources/vdv.md)."""


def ticket_pass(number: int = 7) -> Pass:
    ticket = Ticket(
        UUID(int=number), UUID(int=1), "120000", 2099643, 32838, 9995, "Zoë", "Müller-Şahin", date(2012, 2, 29),
        datetime(2026, 7, 31, 22, tzinfo=UTC), datetime(2027, 7, 31, 21, 59, 58, tzinfo=UTC),
        os.urandom(VDV_BYTES), "S1:" + "A" * 250,
    )  # fmt: skip
    return Pass(PassToken("a" * 22), AuthenticationToken("b" * 22), ticket, NOW)


class Unchecked(AppleWallet):
    """Hands out what it has made as it is."""

    def _check_made(self, *_: object) -> None:
        """Nothing is read back."""


def works(folder: Path) -> dict[str, Callable[[], object]]:
    """Name -> one repetition."""
    certificates.hold_ceremony(folder, NOW)
    signer = credentials.load_signer(folder)
    apple, unchecked = (kind(signer, URL, f"{URL}/apple") for kind in (AppleWallet, Unchecked))
    google = GoogleWallet(
        "3388000000012345678", ServiceAccount.load(folder / certificates.GOOGLE_ACCOUNT), URL, lambda: NOW
    )
    wallet_pass = ticket_pass()
    batch = [(ticket_pass(number), DEFAULT_DESIGN) for number in range(BATCH)]
    fixed = _fixed_files(DEFAULT_DESIGN, State.VALID)
    ready = _files(apple.make(wallet_pass, DEFAULT_DESIGN, NOW))
    _lay_out(folder / "files", ready)
    content, manifest = ready["pass.json"], ready["manifest.json"]
    changing = [(name, ready[name]) for name in ("pass.json", "manifest.json", "signature")]

    def floor() -> None:
        signer.key.sign(manifest, padding.PKCS1v15(), hashes.SHA256())
        hashlib.sha1(content, usedforsecurity=False).hexdigest()
        archive(fixed.block, block(changing, after=fixed.block))

    def both_documents() -> None:
        google.generic_object(wallet_pass, DEFAULT_DESIGN)
        google.save_token(wallet_pass, NOW)

    return {
        "checked": lambda: apple.make_all(batch, NOW),
        "one by one": lambda: apple.make(wallet_pass, DEFAULT_DESIGN, NOW),
        "unchecked": lambda: unchecked.make_all(batch, NOW),
        "plain": lambda: plain(signer, wallet_pass, ready),
        "google": both_documents,
        "floor": floor,
        "raw_rsa": lambda: signer.key.sign(manifest, padding.PKCS1v15(), hashes.SHA256()),
    }


def named(signer: Signer) -> dict[str, str]:
    """What every pass says of who made it."""
    return {"pass_type": signer.pass_type, "team": signer.team, "public_url": URL, "web_service_url": f"{URL}/apple"}


def plain(signer: Signer, wallet_pass: Pass, ready: dict[str, bytes]) -> bytes:
    """A pass as the libraries make it, without what we have prepared."""
    document = pass_json(wallet_pass, DEFAULT_DESIGN, State.VALID, **named(signer))
    files = {name: c for name, c in ready.items() if name not in ("manifest.json", "signature")}
    files["pass.json"] = json.dumps(document).encode()
    files["manifest.json"] = json.dumps({n: hashlib.sha1(c).hexdigest() for n, c in files.items()}).encode()
    builder = pkcs7.PKCS7SignatureBuilder().set_data(files["manifest.json"])
    builder = builder.add_signer(signer.leaf, signer.key, hashes.SHA256()).add_certificate(signer.intermediate)
    options = [pkcs7.PKCS7Options.DetachedSignature, pkcs7.PKCS7Options.Binary]
    files["signature"] = builder.sign(serialization.Encoding.DER, options)
    out = BytesIO()
    with ZipFile(out, "w", ZIP_STORED) as package:
        for name, c in files.items():
            package.writestr(name, c)
    return out.getvalue()


def _files(package: bytes) -> dict[str, bytes]:
    with ZipFile(BytesIO(package)) as reader:
        return {name: reader.read(name) for name in reader.namelist()}


def _lay_out(folder: Path, files: dict[str, bytes]) -> None:
    """For the peers: all but what they make themselves."""
    for name, content in files.items():
        if name not in UNLISTED:
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes(content)


def measure(work: Callable[[], object], seconds: float) -> Round:
    """Passes over `seconds` of wall time; `work` returns a list where it makes several."""
    count, wall, cpu = 0, time.perf_counter(), time.process_time()
    while time.perf_counter() - wall < seconds:
        made = work()
        count += len(made) if isinstance(made, list) else 1
    return Round(count, time.perf_counter() - wall, time.process_time() - cpu)


def report(results: dict[str, list[Round]], size: int) -> dict[str, object]:
    """Of each the median of its rounds."""
    cpu = {name: median(each.cpu / each.count for each in rounds) for name, rounds in results.items()}
    wall = {name: median(each.wall / each.count for each in rounds) for name, rounds in results.items()}
    sys.stdout.write(f"{'':26}{'a second and core':>18}{'CPU ms':>9}{'times floor':>13}{'a second':>10}\n")
    for name, each in cpu.items():
        line = f"{1 / each:18,.0f}{each * 1000:9.3f}{each / cpu['floor']:13.2f}{1 / wall[name]:10,.0f}\n"
        sys.stdout.write(f"{name:26}{line}")
    ratio = {name: round(each / cpu["floor"], 3) for name, each in cpu.items()}
    return {
        "cpu_ms": {name: round(each * 1000, 4) for name, each in cpu.items()},
        "times_floor": ratio,
        "load": os.getloadavg()[0],
        "pkpass_bytes": size,
    }


def run(seconds: float, rounds: int, *, with_peers: bool) -> None:
    with tempfile.TemporaryDirectory() as folder:
        jobs = works(Path(folder))
        package = jobs["one by one"]()
        assert isinstance(package, bytes)
        others = peers(Path(folder)) if with_peers else []
        turns: dict[str, Callable[[float], Round]] = {name: partial(measure, work) for name, work in jobs.items()}
        turns |= {peer.name: peer.run for peer in others}
        for turn in turns.values():
            turn(0.05)
        results: dict[str, list[Round]] = {name: [] for name in turns}
        for _ in range(rounds):
            for name, turn in turns.items():
                results[name].append(turn(seconds))
        for peer in others:
            peer.close()
        figures = report(results, len(package))
    sys.stdout.write(json.dumps(figures) + "\n")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Wallet passes a second and core.")
    parser.add_argument("--seconds", type=float, default=0.4, help="for each kind of work in each round")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--without-peers", action="store_true", help="nothing is installed")
    arguments = parser.parse_args()
    run(arguments.seconds, arguments.rounds, with_peers=not arguments.without_peers)
