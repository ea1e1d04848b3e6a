"""A Python library that makes passes: `pass_peer.py FOLDER MODULE FILES` (pass_peers.py)."""

import importlib
import json
import resource
import sys
import time
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

sys.path.append(sys.argv[1])
library = importlib.import_module(sys.argv[2])
FOLDER = Path(sys.argv[3])
CERTIFICATES = [str(FOLDER / name) for name in ("pass.pem", "pass.key", "intermediate.pem")]
ART = {
    str(path.relative_to(FOLDER / "files")): path.read_bytes()
    for path in (FOLDER / "files").rglob("*")
    if path.is_file() and path.name != "pass.json"
}
DOCUMENT = json.loads((FOLDER / "files" / "pass.json").read_bytes())
ADDERS = {
    "headerFields": "addHeaderField",
    "primaryFields": "addPrimaryField",
    "secondaryFields": "addSecondaryField",
    "auxiliaryFields": "addAuxiliaryField",
    "backFields": "addBackField",
}
SAME = (
    "serialNumber", "description", "backgroundColor", "foregroundColor", "labelColor", "logoText", "webServiceURL",
    "authenticationToken",
)  # fmt: skip


def one_pass() -> bytes:
    """As the library's documentation has it."""
    information = library.Generic()
    for part, adder in ADDERS.items():
        for field in DOCUMENT["generic"][part]:
            getattr(information, adder)(field["key"], field["value"], field["label"])
    made = library.Pass(
        information,
        passTypeIdentifier=DOCUMENT["passTypeIdentifier"],
        organizationName=DOCUMENT["organizationName"],
        teamIdentifier=DOCUMENT["teamIdentifier"],
    )
    for name in SAME:
        setattr(made, name, DOCUMENT[name])
    (barcode,) = DOCUMENT["barcodes"]
    made.barcode = library.Barcode(barcode["message"], library.BarcodeFormat.AZTEC, barcode["altText"])
    for path, content in ART.items():
        made.addFile(path, BytesIO(content))
    package: bytes = made.create(*CERTIFICATES, "").getvalue()
    return package


def cpu_seconds() -> float:
    """With those of the processes that were started."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(each.ru_utime + each.ru_stime for each in used)


def serve(work: Callable[[], bytes]) -> None:
    """For each line: so many seconds."""
    (FOLDER / f"{library.__name__}.pkpass").write_bytes(work())
    for line in sys.stdin:
        count, wall, cpu = 0, time.perf_counter(), cpu_seconds()
        while time.perf_counter() - wall < float(line):
            work()
            count += 1
        done = {"count": count, "wall": time.perf_counter() - wall, "cpu": cpu_seconds() - cpu}
        sys.stdout.write(json.dumps(done) + "\n")
        sys.stdout.flush()


serve(one_pass)
