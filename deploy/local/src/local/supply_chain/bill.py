"""Writes the bill of materials: CycloneDX 1.6, JSON, held against the published schema by its publisher's library.

The product does not need that library, so it is installed beside it, from a lock of its own.
"""

import json
import subprocess
import sys
import uuid
from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from local.supply_chain.licences import Licences
from local.supply_chain.part import Digest, EmbeddedPart, File, Package

ROOT = "schulticket"
NAMESPACE = uuid.UUID("6c7d2f0e-3f6b-5f0a-9a55-0d3c1be3f5a1")
"""The serial number follows from what is listed: the same locks, the same bill."""
CHECK = """
import sys
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
fault = JsonStrictValidator(SchemaVersion.V1_6).validate_str(open(sys.argv[1], encoding="utf-8").read())
sys.exit(str(fault)[:2000] if fault else 0)
"""


class InvalidBill(Exception):
    """The schema refuses the bill, or the checker could not be installed; the text says which."""


def bill_of_materials(
    packages: Sequence[Package], files: Sequence[File], licences: Licences, version: str, now: datetime
) -> dict[str, Any]:
    """Each package once, with every hash that its lock accepts; each served file; who needs whom."""
    components = [*(_package(each, licences) for each in packages), *(_file(each, licences) for each in files)]
    listed = json.dumps(components, sort_keys=True)
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{uuid.uuid5(NAMESPACE, version + listed)}",
        "version": 1,
        "metadata": {
            "timestamp": now.isoformat(timespec="seconds"),
            "lifecycles": [{"phase": "pre-build"}],
            "component": {
                "type": "application",
                "bom-ref": ROOT,
                "name": ROOT,
                "version": version,
                "licenses": [{"expression": "EUPL-1.2"}],
            },
        },
        "components": components,
        "dependencies": _dependencies(packages, files),
    }


def check(bill: Path, python: Path) -> None:
    """Hold a written bill against the schema, in the environment that `python` belongs to.

    Raises:
        InvalidBill.
    """
    done = subprocess.run([str(python), "-c", CHECK, str(bill)], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise InvalidBill(f"{bill.name} is no CycloneDX 1.6: {done.stderr.strip()}")


def install_checker(environment: Path, lock: Path) -> Path:
    """A throw-away environment with exactly what `lock` names, wheels only, each by its hash. Returns its Python.

    Raises:
        InvalidBill.
    """
    uv = str(Path(sys.executable).with_name("uv"))
    python = environment / "bin" / "python"
    made = [uv, "venv", "--quiet", "--clear", "--python", sys.executable, str(environment)]
    synced = [uv, "pip", "sync", "--quiet", "--no-build", "--require-hashes", "--python", str(python), str(lock)]
    for command in (made, synced):
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            said = done.stderr.strip()
            raise InvalidBill(
                f"the schema could not be looked at, its library was not installed from {lock.name}:\n{said}"
            )
    return python


def _package(package: Package, licences: Licences) -> dict[str, Any]:
    expression = licences.of(package)
    group, _, name = package.name.rpartition("/")
    return {
        "type": "library",
        "bom-ref": package.url,
        **({"group": group} if group else {}),
        "name": name,
        "version": package.version,
        "purl": package.url,
        "scope": "required" if package.shipped else "excluded",
        "hashes": [_hash(each) for each in package.digests],
        **({"licenses": [{"expression": expression}]} if expression else {}),
        **({"components": [_inside(each) for each in package.inside]} if package.inside else {}),
    }


def _inside(part: EmbeddedPart) -> dict[str, str]:
    return {"type": "library", "name": part.name, "version": part.version, "purl": part.url}


def _file(file: File, licences: Licences) -> dict[str, Any]:
    expression = file.licence or licences.of(file.made_from)
    return {
        "type": "file",
        "bom-ref": file.path,
        "name": file.path,
        "version": file.made_from.version,
        "hashes": [_hash(file.digest)],
        **({"licenses": [{"expression": expression}]} if expression else {}),
    }


def _hash(digest: Digest) -> dict[str, str]:
    return {"alg": digest.algorithm, "content": digest.content}


def _dependencies(packages: Sequence[Package], files: Sequence[File]) -> list[dict[str, Any]]:
    """A name that has two versions stands for both: which one is taken, the machine's Python decides."""
    urls: dict[tuple[str, str], list[str]] = {}
    for each in packages:
        urls.setdefault((each.ecosystem, each.name), []).append(each.url)
    return [
        _dependency(ROOT, [*(each.url for each in packages if each.direct), *(file.path for file in files)]),
        *(
            _dependency(each.url, (url for name in each.needs for url in urls.get((each.ecosystem, name), ())))
            for each in packages
        ),
        *(_dependency(file.path, [file.made_from.url]) for file in files),
    ]


def _dependency(ref: str, needs: Iterable[str]) -> dict[str, Any]:
    return {"ref": ref, "dependsOn": sorted(set(needs))}
