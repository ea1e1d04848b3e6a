"""Wallet passes a second on one core: a whole pass, beside the floor of its parts and a hand-made peer.

    .venv/bin/python tests/bench/passes.py [--seconds 2] [--rounds 5]

What is measured, in one process and on the same ticket:
  pass          pass.json, manifest, signature, archive, and the check that reads everything back
  unchecked     the same without the check
  google        object, and the signed token of the save link
  floor         raw RSA-2048 signature, SHA-1 of what changes, a stored archive of ready files: what cannot be avoided
  plain         cryptography's PKCS7 and zipfile, nothing prepared but the loaded key: what most libraries do at best
Rounds alternate, the best counts (the machine has other work), and CPU time stands beside. Decides nothing.
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
from io import BytesIO
from pathlib import Path
from uuid import UUID
from zipfile import ZIP_STORED, ZipFile

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.serialization import pkcs7
from wallet_pass import certificates, credentials
from wallet_pass.apple.archive import archive, block
from wallet_pass.apple.package import AppleWallet, _fixed_files, _sha1
from wallet_pass.apple.pass_json import pass_json
from wallet_pass.apple.signature import Signer
from wallet_pass.domain.designs import DEFAULT_DESIGN
from wallet_pass.domain.passes import AuthenticationToken, Pass, PassToken, State
from wallet_pass.domain.tickets import Ticket
from wallet_pass.google.wallet import GoogleWallet, ServiceAccount

NOW = datetime.now(UTC)
URL = "https://pass.example"
VDV_BYTES = 362
"""The size of a real Deutschlandticket's barcode (docs/sources/vdv.md)."""


def ticket_pass() -> Pass:
    ticket = Ticket(
        UUID(int=7), UUID(int=1), "120000", 2099643, 32838, 9995, "Zoë", "Müller-Şahin", date(2012, 2, 29),
        datetime(2026, 7, 31, 22, tzinfo=UTC), datetime(2027, 7, 31, 21, 59, 58, tzinfo=UTC),
        os.urandom(VDV_BYTES), "S1:" + "A" * 250,
    )  # fmt: skip
    return Pass(PassToken("a" * 22), AuthenticationToken("b" * 22), ticket, NOW)


def works(folder: Path) -> dict[str, Callable[[], object]]:
    """Name -> one repetition."""
    certificates.hold_ceremony(folder, NOW)
    signer = credentials.load_signer(folder)
    apple = AppleWallet(signer, URL, f"{URL}/apple")
    google = GoogleWallet(
        "3388000000012345678", ServiceAccount.load(folder / certificates.GOOGLE_ACCOUNT), URL, lambda: NOW
    )
    wallet_pass = ticket_pass()
    fixed = _fixed_files(DEFAULT_DESIGN, State.VALID)
    ready = _files(apple.make(wallet_pass, DEFAULT_DESIGN, NOW))
    content, manifest = ready["pass.json"], ready["manifest.json"]
    changing = [(name, ready[name]) for name in ("pass.json", "manifest.json", "signature")]

    def unchecked() -> bytes:
        document = pass_json(wallet_pass, DEFAULT_DESIGN, State.VALID, **named(signer))
        text = json.dumps(document, separators=(",", ":")).encode()
        listed = fixed.manifest % _sha1(text).encode()
        files = (("pass.json", text), ("manifest.json", listed), ("signature", signer.sign(listed, NOW)))
        return archive(fixed.block, block(files, after=fixed.block))

    def floor() -> None:
        signer.key.sign(manifest, padding.PKCS1v15(), hashes.SHA256())
        hashlib.sha1(content, usedforsecurity=False).hexdigest()
        archive(fixed.block, block(changing, after=fixed.block))

    def both_documents() -> None:
        google.generic_object(wallet_pass, DEFAULT_DESIGN)
        google.save_token(wallet_pass, NOW)

    return {
        "pass": lambda: apple.make(wallet_pass, DEFAULT_DESIGN, NOW),
        "unchecked": unchecked,
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


def measure(work: Callable[[], object], seconds: float) -> tuple[float, float]:
    """(repetitions a second, CPU milliseconds of each) over `seconds` of wall time."""
    count, wall, cpu = 0, time.perf_counter(), time.process_time()
    while time.perf_counter() - wall < seconds:
        for _ in range(20):
            work()
        count += 20
    return count / (time.perf_counter() - wall), (time.process_time() - cpu) / count * 1000


def report(best: dict[str, tuple[float, float]], size: int) -> dict[str, float]:
    sys.stdout.write(f"{'':12}{'a second':>10}{'CPU ms':>9}\n")
    for name, (rate, cpu) in best.items():
        sys.stdout.write(f"{name:12}{rate:10.0f}{cpu:9.3f}\n")
    figures: dict[str, float] = {f"{name}_per_second": round(rate, 1) for name, (rate, _) in best.items()}
    figures |= {f"{name}_cpu_ms": round(cpu, 4) for name, (_, cpu) in best.items()}
    figures |= {"times_floor": round(best["pass"][1] / best["floor"][1], 2), "pkpass_bytes": size}
    return figures


def run(seconds: float, rounds: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        jobs = works(Path(folder))
        for work in jobs.values():
            measure(work, 0.05)
        results: dict[str, list[tuple[float, float]]] = {name: [] for name in jobs}
        for _ in range(rounds):
            for name, work in jobs.items():
                results[name].append(measure(work, seconds / rounds))
        best = {name: (max(r for r, _ in found), min(c for _, c in found)) for name, found in results.items()}
        package = jobs["pass"]()
        assert isinstance(package, bytes)
        figures = report(best, len(package))
    sys.stdout.write(json.dumps(figures) + "\n")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Wallet passes a second.")
    parser.add_argument("--seconds", type=float, default=2.0, help="for each kind of work")
    parser.add_argument("--rounds", type=int, default=5)
    arguments = parser.parse_args()
    run(arguments.seconds, arguments.rounds)
