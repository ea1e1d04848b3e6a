"""Everything between a map and a system that can start: keys, streams, databases, network, registers."""

import asyncio
import hashlib
import os
import secrets
import shlex
import shutil
import subprocess
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from shared.bus import admin
from shared.bus.rights import ADMIN
from shared.bus.topology import MAX_AGE_SECONDS
from shared.durable_files import make_folder

from local.files import PROJECT, VAR, digest, write_secret
from local.process import Process
from local.report import Report
from local.shell import ShellEnded, open_shell
from local.system import users
from local.system.authority import Authority, write_authority_files
from local.system.offices import offices
from local.system.plan import (
    BIN,
    DESK_CLIENT,
    DOCUMENTS_CLIENT,
    FAMILY_CLIENT,
    SCHOOL_CLIENT,
    SERVICES,
    Plan,
    plain_environment,
)
from local.system.users import Users

COMMAND_SECONDS = 600
LONGEST_PASS_ISSUER = 30
"""Characters that a wallet pass has room for."""
CACHE = VAR / "cache"
NETWORK_BUILDER = PROJECT / "services" / "eligibility" / "src" / "geography"
"""The cached network is only good for the code that built it."""


Step = Callable[..., None]
"""Its title, the service, the command's arguments."""


class StepFailed(Exception):
    """A command of the set-up failed; the text holds what it said."""


def run(plan: Plan, service: str, *arguments: str | Path, check: bool = True) -> subprocess.CompletedProcess[str]:
    """Run a service's command with its settings.

    Raises:
        StepFailed: where `check` is set and it fails.
    """
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
    return _done(done) if check else done


def _done(done: subprocess.CompletedProcess[str]) -> subprocess.CompletedProcess[str]:
    """Raises StepFailed where it failed."""
    if done.returncode != 0:
        program, *arguments = done.args
        said = (done.stderr or done.stdout)[-3000:]
        raise StepFailed(f"{Path(program).name} {' '.join(arguments)} ended with {done.returncode}:\n{said}")
    return done


def prepare(plan: Plan, authority: Authority) -> Users:
    """Folders, the bus's users and keys, the authority's settings, the sign-in's users."""
    for folder in ("logs", "data", "keys", "identity", "settings"):
        make_folder(plan.folder / folder)
    for private in ("data", "keys"):  # families' data and the keys are for this user alone
        (plan.folder / private).chmod(0o700)
    plan.prepare_brokers()
    write_authority_files(plan, authority)
    for name in dict.fromkeys((*SERVICES, *plan.serving)):
        lines = (f"{key}={shlex.quote(value)}\n" for key, value in plan.settings(name).items())
        write_secret(plan.settings_file(name), "".join(lines))
    sessions = [plan.session_key_file(each) for each in (DESK_CLIENT, DOCUMENTS_CLIENT, FAMILY_CLIENT, SCHOOL_CLIENT)]
    for key_file in (*sessions, plan.code_key_file):
        if not key_file.exists():
            write_secret(key_file, secrets.token_urlsafe(48))
    return users.write_settings(
        plan.identity_settings,
        issuer=plan.issuer,
        key_file=plan.folder / "identity" / "key.pem",
        authority=authority.number,
        schools=offices(plan.inputs.schools, authority.number),
        clients=plan.clients,
        start=plan.doors,
    )


@dataclass(frozen=True)
class SetUp:
    """The steps, in chains that do not need one another. Each step is a command as an operator would type it, and each
    chain loads its program once."""

    plan: Plan
    authority: Authority
    processes: Mapping[str, Process]
    report: Report

    def run_all(self) -> None:
        """Raises StepFailed, or DidNotStart where the broker does not."""
        _together(self.eligibility, self.issuance, self.network, self.application, self.wallet_pass, self.streams)
        if self.plan.broker.shared_store.exists():
            self.leave_shared_store()

    @contextmanager
    def steps(self, program: str) -> Iterator[Step]:
        """A function that runs one command of a service, as a line of the report."""
        with open_shell(program, plain_environment()) as shell:

            def step(title: str, service: str, *arguments: str | Path) -> None:
                with self.report.step(title):
                    told = self.plan.environment(service), list(map(str, arguments)), COMMAND_SECONDS
                    try:
                        _done(shell.run(*told))
                    except ShellEnded as error:
                        raise StepFailed(str(error)) from error

            yield step

    def streams(self) -> None:
        """The broker's streams and durables, once it answers."""
        with self.report.step("Bus and its streams"):
            for name in self.plan.brokers:
                self.processes[name].wait_ready()
            seed = str(self.plan.broker.seed_file(ADMIN))
            create = admin.create(self.plan.broker.url, seed, self.plan.replicas, installation=self.plan.installation)
            asyncio.run(create)

    def leave_shared_store(self) -> None:
        """Streams from before each process had an account cannot be taken along: their encryption is bound to the
        account. What they held is driven again, hearers drop what they have, and nothing personal stays behind."""
        with self.report.step("Events told again, to streams of another account"):
            since = (datetime.now(UTC) - timedelta(seconds=MAX_AGE_SECONDS)).date().isoformat()
            for name, service in SERVICES.items():
                run(self.plan, name, *service.serve[:-1], "outbox", "redrive", "--since", since)
            shutil.rmtree(self.plan.broker.shared_store)

    def application(self) -> None:
        """Its wrapping key and tables, and the schools with the authority that takes part."""
        takes_part: list[str | Path] = ["--authority", self.authority.number]
        if self.plan.inputs.authorities:
            takes_part += ["--authorities", self.plan.inputs.authorities]
        with self.steps("application") as step:
            step("application: keys of families", "application", "keys", "wrapping-key", self.plan.wrapping_keys_file)
            step("application: database", "application", "migrate")
            schools = self.plan.inputs.schools
            step("application: schools", "application", "import", "schools", schools, *takes_part)

    def eligibility(self) -> None:
        """Its keys and tables, the authority, and where schools and homes are."""
        settings, inputs = self.plan.authority_file("eligibility"), self.plan.inputs
        with self.steps("eligibility") as step:
            step("eligibility: keys of digests", "eligibility", "digest-keys", self.plan.digest_keys_file)
            step("eligibility: database", "eligibility", "migrate")
            step("eligibility: authority", "eligibility", "authority", "set", settings)
            step("eligibility: schools", "eligibility", "import", "schools", inputs.schools)
            step("eligibility: entrances", "eligibility", "import", "entrances", inputs.streets)
            step("eligibility: addresses", "eligibility", "import", "addresses", inputs.streets)

    def network(self) -> None:
        """The graph on which routes are measured."""
        with self.report.step("eligibility: walking network") as detail:
            detail.text = _network(self.plan)

    def issuance(self) -> None:
        """Keys, both databases, and the terms under which the authority's tickets are made."""
        terms = self.plan.authority_file("issuance")
        with self.steps("issuance") as step:
            step("issuance: key ceremony", "signer", "ceremony", self.plan.ceremony, "--if-missing")
            step("issuance: signer's database", "signer", "signer", "migrate")
            step("issuance: authority's terms", "signer", "signer", "authority", "set", "--file", terms)
            step("issuance: database", "issuance", "migrate")

    def wallet_pass(self) -> None:
        """Certificates, tables, and the authority's design, whose name is cut to what a pass has room for."""
        name = self.authority.name
        shown = name if len(name) <= LONGEST_PASS_ISSUER else f"{name[: LONGEST_PASS_ISSUER - 1]}…"
        with self.steps("wallet-pass") as step:
            step("wallet-pass: certificates", "wallet-pass", "certificates", self.plan.wallet_certificates)
            step("wallet-pass: database", "wallet-pass", "migrate")
            step("wallet-pass: design", "wallet-pass", "design", self.authority.number, "--issuer-de", shown)


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
