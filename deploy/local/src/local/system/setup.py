"""Everything between a map and a system that can start: keys, streams, databases, network, registers."""

import asyncio
import hashlib
import os
import shutil
import subprocess
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from shared.bus import admin

from local import broker
from local.files import PROJECT, VAR, digest
from local.process import Process
from local.report import Report
from local.system import users
from local.system.authority import Authority, write_authority_files
from local.system.plan import BIN, SERVICES, Plan
from local.system.users import Users

COMMAND_SECONDS = 600
CACHE = VAR / "cache"
NETWORK_BUILDER = PROJECT / "services" / "eligibility" / "src" / "eligibility" / "geography"
"""The cached network is only good for the code that built it."""


class StepFailed(Exception):
    """A command of the set-up failed; the text holds what it said."""


def run(plan: Plan, service: str, *arguments: str | Path, check: bool = True) -> subprocess.CompletedProcess[str]:
    """Run a service's command with its settings. Raises StepFailed where `check` is set and it fails."""
    command = [str(BIN / SERVICES[service].program), *map(str, arguments)]
    done = subprocess.run(
        command,
        env=plan.environment(service),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=COMMAND_SECONDS,
        check=False,
    )
    if check and done.returncode != 0:
        said = (done.stderr or done.stdout)[-3000:]
        raise StepFailed(f"{Path(command[0]).name} {' '.join(command[1:])} ended with {done.returncode}:\n{said}")
    return done


def prepare(plan: Plan, authority: Authority) -> Users:
    """Folders, the bus's users and keys, the authority's settings, the sign-in's users."""
    for folder in ("logs", "data", "keys", "identity"):
        (plan.folder / folder).mkdir(exist_ok=True)
    (plan.folder / "keys").chmod(0o700)
    broker.prepare(plan.broker)
    write_authority_files(plan, authority)
    return users.write_settings(
        plan.identity_settings,
        issuer=plan.issuer,
        key_file=plan.folder / "identity" / "key.pem",
        authority=authority.number,
    )


def set_up(plan: Plan, authority: Authority, nats: Process, report: Report) -> None:
    """The steps, in chains that do not need one another."""

    def step(title: str, service: str, *arguments: str | Path) -> None:
        with report.step(title):
            run(plan, service, *arguments)

    def streams() -> None:
        with report.step("Bus and its streams"):
            nats.wait_ready()
            asyncio.run(admin.create(plan.broker.url, str(plan.broker.seed_file(broker.ADMIN))))

    def of_application() -> None:
        takes_part: list[str | Path] = ["--authority", authority.number]
        if plan.inputs.authorities:
            takes_part += ["--authorities", plan.inputs.authorities]
        step("application: database", "application", "migrate")
        step("application: schools", "application", "import", "schools", plan.inputs.schools, *takes_part)

    def of_eligibility() -> None:
        step("eligibility: database", "eligibility", "migrate")
        step(
            "eligibility: authority", "eligibility", "authority", "set", plan.folder / "authority" / "eligibility.json"
        )
        step("eligibility: schools", "eligibility", "import", "schools", plan.inputs.schools)
        step("eligibility: entrances", "eligibility", "import", "entrances", plan.inputs.streets)
        step("eligibility: addresses", "eligibility", "import", "addresses", plan.inputs.streets)

    def of_issuance() -> None:
        step("issuance: key ceremony", "signer", "ceremony", plan.ceremony, "--if-missing")
        step("issuance: signer's database", "signer", "signer", "migrate")
        terms = plan.folder / "authority" / "issuance.json"
        step("issuance: authority's terms", "signer", "signer", "authority", "set", "--file", terms)
        step("issuance: database", "issuance", "migrate")

    def of_wallet_pass() -> None:
        step("wallet-pass: certificates", "wallet-pass", "certificates", plan.wallet_certificates)
        step("wallet-pass: database", "wallet-pass", "migrate")
        step("wallet-pass: design", "wallet-pass", "design", authority.number, "--issuer-de", authority.name)

    def network() -> None:
        with report.step("eligibility: walking network") as detail:
            detail.text = _network(plan)

    _together(of_eligibility, of_issuance, network, of_application, of_wallet_pass, streams)


def _together(*chains: Callable[[], None]) -> None:
    """Run the chains side by side; the first failure is raised when all that had begun have ended."""
    with ThreadPoolExecutor(max_workers=(os.cpu_count() or 1) + 1) as pool:
        futures = [pool.submit(chain) for chain in chains]
        try:
            for future in futures:
                future.result()
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise


def _network(plan: Plan) -> str:
    """The walking network of the inputs' map: built once, then taken from the cache."""
    builder = hashlib.sha256(b"".join(file.read_bytes() for file in sorted(NETWORK_BUILDER.rglob("*.py"))))
    cached = CACHE / f"{digest(plan.inputs.streets)}-{builder.hexdigest()[:16]}.network"
    found = cached.exists()
    if not found:
        CACHE.mkdir(parents=True, exist_ok=True)
        fresh = cached.with_suffix(f".{os.getpid()}")
        run(plan, "eligibility", "network", "build", plan.inputs.streets, "-o", fresh)
        fresh.replace(cached)
    shutil.copyfile(cached, plan.network)
    return "from the cache" if found else f"{cached.stat().st_size // 1024} kB"
