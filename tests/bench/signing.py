"""How many tickets a signer signs: keys in encrypted files against keys in a PKCS#11 token (SoftHSM, where there is one).

    .venv/bin/python tests/bench/signing.py [--quick]

Wall clock of one thread, best of three: a token may work outside this process. `floor` is what cannot be avoided: one
RSA-1024 and one ECDSA private operation in the library. The last line is one JSON object.
"""

import json
import logging
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from uuid import UUID

import structlog
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.hashes import SHA1, SHA256
from issuance.domain.terms import Terms
from issuance.domain.ticket import Ticket
from issuance.domain.times import end_of, start_of
from issuance.signer import ceremony
from issuance.signer.keys import Signer, open_keys

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
COUNT = 200 if "--quick" in sys.argv else 2000
LIBRARY = Path("/usr/lib/softhsm/libsofthsm2.so")
TICKET = Ticket(
    ticket_id=UUID(int=1),
    number=(416 << 20) + 1,
    terms=Terms(32838),
    valid_from=start_of(date(2026, 8, 1)),
    valid_until=end_of(date(2027, 7, 31)),
    first_name="Erika Sophie",
    last_name="Mustermann",
    birth_date=date(2012, 2, 29),
    gender=None,
    token_id=bytes(8),
    sequence=1,
    sold_at=NOW,
)


def rate(work: Callable[[], object], rounds: int = 3) -> float:
    """How many a second, best of `rounds`."""
    found = []
    for _ in range(rounds):
        start = time.perf_counter()
        for _ in range(COUNT):
            work()
        found.append(COUNT / (time.perf_counter() - start))
    return max(found)


def measure(name: str, signer: Signer, figures: dict[str, float]) -> None:
    figures[f"{name}_vdv_operation_per_s"] = rate(lambda: signer.module_key.sign_recoverable(bytes(111)))
    figures[f"{name}_qr_operation_per_s"] = rate(lambda: signer.ticket_key.sign(bytes(160)))
    figures[f"{name}_tickets_per_s"] = rate(lambda: signer.sign_ticket(TICKET))


def floor(figures: dict[str, float]) -> None:
    # cryptography makes no RSA key below 1024 bits, and signs with this one as PKCS #1 does
    module, ticket = rsa.generate_private_key(65537, 1024), ec.generate_private_key(ec.SECP256R1())
    figures["floor_rsa_1024_per_s"] = rate(lambda: module.sign(bytes(111), padding.PKCS1v15(), SHA1()))
    figures["floor_ecdsa_per_s"] = rate(lambda: ticket.sign(bytes(160), ec.ECDSA(SHA256())))


def token_signer(folder: Path) -> Signer | None:
    utility = shutil.which("softhsm2-util")
    if utility is None or not LIBRARY.exists():
        return None
    (folder / "tokens").mkdir()
    (folder / "conf").write_text(f"directories.tokendir = {folder}/tokens\nobjectstore.backend = file\n")
    (folder / "pin").write_text("4711-0815")
    os.environ["SOFTHSM2_CONF"] = str(folder / "conf")
    options = ["--label", "bench", "--so-pin", "officer-0815", "--pin", "4711-0815"]
    subprocess.run([utility, "--init-token", "--free", *options], check=True, capture_output=True)
    uri = f"pkcs11:token=bench?module-path={LIBRARY}&pin-source=file:{folder / 'pin'}"
    held = open_keys(folder, None, uri, may_write=True)
    return ceremony.make(ceremony.Period.around(NOW.date()), NOW, held=held).signer


def main() -> None:
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    figures: dict[str, float] = {}
    floor(figures)
    measure("file", ceremony.make(ceremony.Period.around(NOW.date()), NOW).signer, figures)
    with tempfile.TemporaryDirectory() as folder:
        signer = token_signer(Path(folder))
        if signer is None:
            print("no SoftHSM here (Debian: apt-get install softhsm2): the token is not measured")
        else:
            measure("token", signer, figures)
    for name, value in figures.items():
        print(f"{name:32} {value:10,.0f}")
    print(json.dumps({name: round(value, 1) for name, value in figures.items()}))


if __name__ == "__main__":
    main()
