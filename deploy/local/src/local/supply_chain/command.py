"""`make supply-chain`: three steps, each said before it is taken. Files go to `var/supply-chain`."""

import hashlib
import json
import tomllib
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from local.files import PROJECT
from local.supply_chain import audit, bill, licences, locks, served
from local.supply_chain.part import File, Package

FOLDER = PROJECT / "var" / "supply-chain"
LOCKS = PROJECT / "deploy" / "local"
BILL = "bill-of-materials.cdx.json"
CHECKER_LOCK = LOCKS / "requirements-bill-check.lock"
OK, FOUND, COULD_NOT_LOOK = 0, 1, 3

Say = Callable[[str], None]


def parts() -> tuple[list[Package], list[File]]:
    """Everything of others, from the locks and from what pages serve.

    Raises:
        UnusableLock, UnknownFile.
    """
    members = frozenset(_described(path)["name"] for path in _member_descriptions())
    packages = [
        *locks.python_packages(PROJECT / "requirements.lock", members),
        *locks.python_packages(LOCKS / "requirements-build.lock", frozenset()),
        *locks.npm_packages(PROJECT / "package-lock.json"),
    ]
    return packages, served.served_files(PROJECT, packages, licences.known_licences().files)


def show_supply_chain(say: Say, database: str = audit.DATABASE, now: datetime | None = None) -> int:
    """All three steps, whatever the first ones find. The exit code is the gravest: 3 where something was not seen."""
    try:
        packages, files = parts()
    except (locks.UnusableLock, served.UnknownFile) as error:
        say(f"The supply chain is not known: {error}")
        return FOUND
    within = sum(len(each.inside) for each in packages)
    say(f"1 of 3: bill of materials of {len(packages)} packages ({within} parts inside), {len(files)} served files …")
    codes = [_write_bill(packages, files, say, now or datetime.now(UTC))]
    say("2 of 3: licences …")
    codes.append(_judge_licences(packages, files, say))
    say(f"3 of 3: known vulnerabilities, at {database} …")
    codes.append(_look_up(packages, database, say))
    return max(codes)


def _write_bill(packages: list[Package], files: list[File], say: Say, now: datetime) -> int:
    version = _described(PROJECT / "pyproject.toml")["version"]
    written = bill.bill_of_materials(packages, files, licences.known_licences(), version, now)
    FOLDER.mkdir(parents=True, exist_ok=True)
    path = FOLDER / BILL
    path.write_text(json.dumps(written, indent=1) + "\n", encoding="utf-8")
    say(f"   {path}, SHA-512 {hashlib.sha512(path.read_bytes()).hexdigest()[:16]}…")
    try:
        bill.check(path, bill.install_checker(FOLDER / "checker", CHECKER_LOCK))
    except bill.InvalidBill as error:
        say(f"   FAILED: {error}")
        return COULD_NOT_LOOK
    say("   valid against the published schema of CycloneDX 1.6")
    return OK


def _judge_licences(packages: list[Package], files: list[File], say: Say) -> int:
    found = licences.problems(packages, files, licences.known_licences())
    for sentence in found:
        say(f"   FAILED: {sentence}")
    if not found:
        say("   every part has a licence that the list allows")
    return FOUND if found else OK


def _look_up(packages: list[Package], database: str, say: Say) -> int:
    try:
        found = audit.vulnerabilities(packages, database)
    except audit.CouldNotLook as error:
        say(f"   FAILED: nobody looked for known vulnerabilities, and none is ruled out: {error}.")
        say("   Run it again where the database can be reached (a proxy: HTTPS_PROXY, a mirror: --database).")
        return COULD_NOT_LOOK
    for each in found:
        use = "shipped" if each.package.shipped else "tests and builds only"
        where = f"{each.package.name} {each.package.version} ({use})" + (
            f", inside: {each.inside}" if each.inside else ""
        )
        say(f"   FOUND: {where}: {each.number}, see https://osv.dev/{each.number}")
    if not found:
        say(f"   none is known of these {len(packages)} packages")
    return FOUND if found else OK


def _member_descriptions() -> list[Path]:
    listed = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["uv"]["workspace"][
        "members"
    ]
    return [path / "pyproject.toml" for pattern in listed for path in sorted(PROJECT.glob(pattern))]


def _described(path: Path) -> dict[str, str]:
    found: dict[str, str] = tomllib.loads(path.read_text(encoding="utf-8"))["project"]
    return found
