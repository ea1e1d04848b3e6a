"""A copy is put back in the place of a stopped system's databases: all of one copy, or one service's alone.

Each database rises to its next epoch before it is in its place, so that nobody takes what it says for what it said
before; then its service hears once more what the streams keep. What stood there is moved aside, not deleted.
"""

import contextlib
import fcntl
import shutil
import socket
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import sqlalchemy as sa
from shared.bus import epochs, erasures
from shared.bus.erasures import ErasedApplication
from shared.bus.labels import printable
from shared.bus.topology import DURABLES
from shared.database.engine import open_engine
from shared.database.installation import name_in_file
from shared.database.own_tables import bring_up_to_date
from shared.durable_files import sync
from sqlalchemy.orm import Session

from local.backup.copies import (
    ORDER,
    STAMP,
    Backup,
    NoBackup,
    OthersBackup,
    backups,
    check,
    fingerprints,
    nobody_copies,
)
from local.backup.erased import erased_by_databases, erased_by_list
from local.backup.unfinished import unfinished_mark
from local.system.places import installation_in

ASIDE = "before-restore-"


class StillRunning(Exception):
    """Something of this system runs: its databases must not be taken from under it."""


@dataclass(frozen=True)
class RestoreResult:
    """What was put back."""

    name: str
    copied_at: datetime
    epoch: int
    told_again: int
    erased_again: int = 0
    """Families that were erased since the copy: they go once more when the service starts."""


@contextmanager
def while_stopped(system: Path) -> Iterator[None]:
    """Nobody else starts or restores it meanwhile.

    Raises:
        StillRunning.
    """
    # `make run` locks the folder above its data
    locks = [each for each in (system / ".lock", system.parent / ".lock") if each.parent == system or each.exists()]
    with contextlib.ExitStack() as held:
        for each in locks:
            try:
                fcntl.flock(held.enter_context(each.open("a")), fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise StillRunning(f"{system} is running (make run): stop it first") from None
        held.enter_context(_no_copy_meanwhile(system))
        for name in ("ports", "operations-ports"):
            for port in _ports(system / name):
                if _listens(port):
                    raise StillRunning(f"something of {system} listens on port {port}: stop the whole system first")
        yield


@contextmanager
def _no_copy_meanwhile(system: Path) -> Iterator[None]:
    with contextlib.ExitStack() as held:
        try:
            held.enter_context(nobody_copies(system))
        except BlockingIOError:
            raise StillRunning(f"a copy of {system} is being made (local backup): wait until it is done") from None
        yield


def _ports(file: Path) -> list[int]:
    return [int(line) for line in file.read_text().split()] if file.exists() else []


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def choose_backup(folder: Path) -> Backup:
    """The newest whole copy in a folder, or the copy that the folder is.

    Raises:
        NoBackup.
    """
    if (folder / "backup.json").exists():
        return Backup(folder.resolve())
    found = backups(folder.resolve())
    if not found:
        raise NoBackup(f"there is no whole backup in {folder}")
    return found[-1]


def restore(system: Path, backup: Backup, names: Sequence[str]) -> list[RestoreResult]:
    """Put back the copies of these services.

    Raises:
        NoBackup: where one is not whole, another installation's, or made under other keys: then nothing was changed.
    """
    # 1. Whole, of this installation and of this system's keys.
    check(backup, names)
    _check_installation(system, backup, names)
    told, here = backup.contents()["keys"], fingerprints(system)
    for name in told:
        if here.get(name) != told[name]:
            raise NoBackup(f"{system / name} is not the key of this backup: put that one there first")
    # 2. Beside the databases, each in an epoch above all that it ever had.
    data, now = system / "data", datetime.now(UTC)
    try:
        erased = _erased(backup, data)
        prepared = [_prepare(backup, name, data, now, erased) for name in names]
    except (OSError, sa.exc.SQLAlchemyError) as error:  # a full disk stays full with what is half a copy
        for each in data.glob(".*.restored*"):
            each.unlink()
        raise NoBackup(f"it could not be put beside {data}, nothing was changed: {error}") from error
    # 3. The old ones go aside, the new ones into their place. Until all of it is done nobody starts this system.
    begun = unfinished_mark(system)
    begun.touch(mode=0o600)
    sync(data)
    aside = data / f"{ASIDE}{now.strftime(STAMP)}"
    aside.mkdir(mode=0o700)
    for name in names:
        for suffix in ("", "-wal", "-shm"):
            old = data / f"{name}.sqlite{suffix}"
            if old.exists():
                old.rename(aside / old.name)
        (data / f".{name}.restored").rename(data / f"{name}.sqlite")
    sync(aside)
    sync(data)
    # 4. They hear once more what their streams keep.
    _hear_again(system / "nats" / "store", names)
    begun.unlink()
    sync(data)
    return prepared


def _check_installation(system: Path, backup: Backup, names: Sequence[str]) -> None:
    own = installation_in(system)
    for name in names:
        found = name_in_file(backup.database(name))
        if found is not None and found != own:
            raise OthersBackup(
                f"{backup.database(name)} is a copy of the installation {printable(found)}, and {system} is {own}: "
                "nothing was changed. Name a backup of this one; a whole system moves with its folder"
            )


def _highest_epoch(data: Path, name: str) -> int:
    """That this service's database is known to have had: by itself, where it stands or was moved aside, and by what the
    others have heard of it. 0 where nobody can tell."""
    own = "SELECT epoch FROM database_state"
    asked: list[tuple[Path, str, tuple[str, ...]]] = [(data / f"{name}.sqlite", own, ())]
    asked += [(each, own, ()) for each in data.glob(f"{ASIDE}*/{name}.sqlite")]
    heard = "SELECT epoch FROM sender_state WHERE sender = ?"
    asked += [(data / f"{other}.sqlite", heard, (name,)) for other in ORDER]
    return max(_epoch_told(*each) for each in asked)


def _epoch_told(path: Path, query: str, of: tuple[str, ...]) -> int:
    try:
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as database:
            return max((int(row[0]) for row in database.execute(query, of)), default=0)
    except sqlite3.Error:  # missing, broken, or of before there were epochs
        return 0


def _erased(backup: Backup, data: Path) -> Sequence[ErasedApplication]:
    """All that anybody knows to be erased: the list beside the copies, and what stands here or was moved aside."""
    here = [*data.glob("*.sqlite"), *data.glob(f"{ASIDE}*/*.sqlite")]
    return list({**erased_by_list(backup.folder.parent), **erased_by_databases(here)}.values())


def _prepare(
    backup: Backup, name: str, data: Path, now: datetime, erased: Sequence[ErasedApplication]
) -> RestoreResult:
    above, path = _highest_epoch(data, name), data / f".{name}.restored"
    for suffix in ("", "-wal", "-shm"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)
    shutil.copyfile(backup.database(name), path)
    path.chmod(0o600)
    copied_at = backup.copied_at(name)
    engine = open_engine(f"sqlite:///{path}", connections=1)
    try:
        with engine.begin() as connection:
            bring_up_to_date(connection)
        with Session(engine) as session, session.begin():
            epoch, count = epochs.raise_epoch(session, name, now, copied_at, above=above)
            again = erasures.mark_due(session, erased)
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    finally:
        engine.dispose()
    sync(path)
    return RestoreResult(name, copied_at, epoch, count, again)


def _hear_again(store: Path, names: Sequence[str]) -> None:
    """Have the broker, which is stopped, forget where these hearers stood: made anew at the next start, they hear all
    that the streams keep, and know by their inboxes what they have heard. No user of the broker has this right."""
    for durable in (each for each in DURABLES if each.service in names):
        for folder in store.glob(f"jetstream/*/streams/{durable.stream}/obs/{durable.name}"):
            shutil.rmtree(folder)
            sync(folder.parent)
