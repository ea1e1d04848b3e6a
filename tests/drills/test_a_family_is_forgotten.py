"""A family with values that nobody else has goes through the running system and is erased: then none of them lies
anywhere, in no table, no file of a database, no log, no figure, and no store of the broker once it has forgotten.
Before, each lies where it must, so that the search is not blind.
"""

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

import httpx
import pytest
import sqlalchemy as sa
from local.backup.command import show_backup, show_restore
from local.backup.copies import backups
from local.process import stop_all
from local.system import System, running_system
from local.system.plan import SERVICES
from shared.database.engine import is_sqlite, open_engine
from support.broker_reading import let_expire, messages_of
from support.canary import Canaries, all_files, found_in_files, found_in_tables, named
from support.canary_family import CanaryFamily
from support.postgresql import administrator_url, owner_url, running_postgresql
from support.processes import wait_for
from support.whole_system import is_busy

pytestmark = pytest.mark.timeout(900)

Found = Mapping[str, set[str]]
REASON = "Die Familie ist verzogen."
WHERE = {
    "application: outbox.payload",
    "eligibility: attendance.differences",
    "eligibility: case_file.search_names",
    "eligibility: case_file.submission",
    "eligibility: dead_letter.content",
    "eligibility: decision.reasons",
    "eligibility: message.text",
    "eligibility: notice.content",
    "eligibility: notice_pdf.content",
    "eligibility: outbox.payload",
    "eligibility: question.answer",
    "eligibility: question.text",
    "eligibility: question.text_en",
    "eligibility: told.content",
    "eligibility: told_change.before",
    "signer: outbox.payload",
    "signer: ticket.first_name",
    "signer: ticket.last_name",
    "wallet-pass: package.content",
    "wallet-pass: pass.first_name",
    "wallet-pass: pass.last_name",
}
"""Columns in which something of the family lies before it is erased. At `application` its own words are encrypted."""
ENCRYPTED = {
    "document",
    "document of another draft",
    "document of the draft",
    "e-mail",
    "helper's name",
    "name in another draft",
    "name of document",
    "name of document of another draft",
    "name of document of the draft",
}
"""What no column has as it is: nobody but `application` ever gets it."""
NOT_ALWAYS = {"signer: waiting_holder.first_name", "signer: waiting_holder.last_name"}
"""A name that comes after the ticket was made waits until it is dropped."""
NAMELESS = {"issuance"}
"""Processes that never get anything of it."""


def url_of(system: System, name: str) -> str:
    return system.plan.settings(name)[f"{SERVICES[name].settings}_DATABASE_URL"]


def in_tables(system: System, canaries: Canaries) -> dict[str, set[str]]:
    return {
        f"{name}: {place}": hits
        for name in SERVICES
        for place, hits in found_in_tables(url_of(system, name), canaries).items()
    }


def in_figures(system: System, canaries: Canaries) -> dict[str, set[str]]:
    told = {name: httpx.get(system.plan.operations_of(name)["metrics"]).content for name in SERVICES}
    return {name: hits for name, content in told.items() if (hits := canaries.found_in(content))}


def in_files(folder: Path, canaries: Canaries) -> dict[str, set[str]]:
    """Of the databases with their logs of writes, the services' logs, settings, keys, and the broker's files. Not of the
    mailboxes that this run plays: what was sent lies with whoever got it."""
    return found_in_files(all_files(folder, without=("mail",)), canaries)


def in_broker(system: System, canaries: Canaries, copy: Path) -> set[str]:
    found: set[str] = set()
    return found.union(*(canaries.found_in(each) for each in messages_of(system.plan.broker, copy)))


def check_that_it_is_seen(system: System, canaries: Canaries, copy: Path) -> None:
    """Before the erasure: by every search that finds nothing afterwards."""
    before = in_tables(system, canaries)
    assert set(before) - NOT_ALWAYS == WHERE, named(before)
    assert set().union(*before.values()) == set(canaries.needles) - ENCRYPTED
    exported = system.command("application", "rights", "export", "--authority", system.authority.number).stdout
    seen = canaries.found_in(exported.encode())
    assert ENCRYPTED - seen == {
        "name in another draft",
        "document of another draft",
        "name of document of another draft",
    }
    assert {"letter put aside", "answer", "pupil's last name", "question, de"} <= in_broker(system, canaries, copy)
    if is_sqlite(url_of(system, "application")):
        files = {each.split(".")[0] for each in in_files(system.folder, canaries)}
        assert files == SERVICES.keys() - NAMELESS


def erase(system: System) -> None:
    done = system.command("application", "rights", "erase", "--account", "parent-1", "--despite-hold", REASON)
    assert '"draft": 1' in done.stdout and '"document": 2' in done.stdout, done.stdout
    wait_for(lambda: not is_busy(system))


def wait_until_none(search: Callable[[], Found]) -> None:
    """Within the minute that it may take."""
    found: list[Found] = []

    def is_gone() -> bool:
        found.append(search())
        return not found[-1]

    try:
        wait_for(is_gone, seconds=60)
    except AssertionError:
        pytest.fail(str(named(found[-1])))


def test_nothing_of_a_family_stays_on_sqlite(tmp_path: Path) -> None:
    canaries = Canaries()
    with running_system(tmp_path / "system") as system:
        CanaryFamily(system, canaries).live()
        wait_for(lambda: not is_busy(system))
        check_that_it_is_seen(system, canaries, tmp_path / "before")
        assert show_backup(print, system.folder, tmp_path / "copies", None) == 0
        erase(system)
        wait_until_none(partial(in_tables, system, canaries))
        # while everything runs: the logs of writes are there
        wait_until_none(partial(in_files, system.folder, canaries))
        assert in_figures(system, canaries) == {}
        check_the_broker(system, canaries, tmp_path / "after")
    assert in_files(system.folder, canaries) == {}
    check_what_is_put_back(system.folder, canaries, tmp_path / "copies")


def check_what_is_put_back(folder: Path, canaries: Canaries, copies: Path) -> None:
    """A copy of before the erasure, in all databases: its key is destroyed, so `application` erases it once more, and
    the others hear it."""
    [copy] = backups(copies)
    found = found_in_files([copy.database("application")], canaries).get("application.sqlite", set())
    assert found and not found & ENCRYPTED
    assert show_restore(print, folder, copies, None) == 0
    assert in_files(folder, canaries)
    with running_system(folder) as system:
        system.command("signer", "recover")
        wait_until_none(partial(in_tables, system, canaries))
        wait_until_none(partial(in_files, folder, canaries))


def check_the_broker(system: System, canaries: Canaries, copy: Path) -> None:
    """Its age is what it forgets by: encrypted until then, and not there afterwards."""
    stop_all(each for each in system.processes.values() if each.name in SERVICES)
    let_expire(system.plan.broker)
    assert in_broker(system, canaries, copy) == set()


def test_nothing_of_a_family_stays_on_postgresql(tmp_path: Path) -> None:
    """There deleted rows are written over by chance: `database rewrite` does it, and the server's own log of writes goes
    with a checkpoint where it is not kept to be used again."""
    canaries = Canaries()
    with running_postgresql() as new_database:
        urls = {f"{each.settings}_DATABASE_URL": new_database() for each in SERVICES.values()}
        urls |= {name.replace("DATABASE", "MIGRATION"): owner_url(url) for name, url in urls.items()}
        with running_system(tmp_path / "system", more=urls) as system:
            CanaryFamily(system, canaries).live()
            wait_for(lambda: not is_busy(system))
            check_that_it_is_seen(system, canaries, tmp_path / "before")
            server = data_of(urls["APPLICATION_DATABASE_URL"], "CHECKPOINT")
            assert in_files(server, canaries) and in_files(server / "pg_wal", canaries)
            erase(system)
            wait_until_none(partial(in_tables, system, canaries))
            assert in_figures(system, canaries) == {}
        for name in SERVICES:
            words = ("signer",) if name == "signer" else ()
            system.command(name, *words, "database", "rewrite")
        data_of(
            urls["APPLICATION_DATABASE_URL"],
            "ALTER SYSTEM SET wal_recycle = off",
            "SELECT pg_reload_conf()",
            "SELECT pg_switch_wal()",
            "CHECKPOINT",
            "SELECT pg_switch_wal()",
            "CHECKPOINT",
        )
        assert in_files(server, canaries) == {}
    assert in_files(system.folder, canaries) == {}


def data_of(url: str, *statements: str) -> Path:
    """The server's own folder, after these statements."""
    engine = open_engine(administrator_url(url), connections=1).execution_options(isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        for each in statements:
            connection.execute(sa.text(each))
        folder = Path(str(connection.execute(sa.text("SHOW data_directory")).scalar_one()))
    engine.dispose()
    return folder
