"""Copies of the five databases of a running system, one after the other, in the order in which news travel.

A copy of a later service may so know more than one of an earlier, and never less: what an earlier one has lost is
found with the later ones. Each copy is a folder of its own, whole and on the disk, or not there at all.
"""

import fcntl
import json
import os
import shutil
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from shared.durable_files import sync

from local.backup.erased import keep_list
from local.files import digest

ORDER = ("application", "eligibility", "signer", "wallet-pass", "issuance")
STAMP = "%Y%m%dT%H%M%S.%fZ"
CONTENTS = "backup.json"
FINGERPRINTED = ("keys/issuance/keys/numbers.key", "keys/wallet-pass/links.key", "keys/eligibility-digests.key")
"""Random keys without which ids, links and digests would come out otherwise: a copy names them by their digest."""
MAKING = ".making-"
NEWEST, HOURLY, DAILY = 12, 24, 14
"""Kept are the newest 12 copies, the last of each of the newest 24 hours, and the last of each of the newest 14 days:
the broker and the outboxes remember no longer than that."""


class NoBackup(Exception):
    """A copy that is not there, or not whole; the text says which and why."""


class OthersBackup(NoBackup):
    """A copy of another installation."""


@dataclass(frozen=True)
class Backup:
    """One copy of all five."""

    folder: Path

    @property
    def made_at(self) -> datetime:
        """When it was begun, by its folder's name, in UTC."""
        return datetime.strptime(self.folder.name, STAMP).replace(tzinfo=UTC)

    def database(self, name: str) -> Path:
        """The copy of one service's database; it may be missing."""
        return self.folder / f"{name}.sqlite"

    def contents(self) -> dict[str, dict[str, str]]:
        """`copied_at` by database, and the fingerprints of the keys that go with them."""
        try:
            told: dict[str, dict[str, str]] = json.loads((self.folder / CONTENTS).read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise NoBackup(f"{self.folder} is no whole backup: {CONTENTS} cannot be read") from error
        return told

    def copied_at(self, name: str) -> datetime:
        """When the copy of this database was begun. It holds all that was committed before."""
        return datetime.fromisoformat(self.contents()["copied_at"][name])


def backups(folder: Path) -> list[Backup]:
    """The whole copies in a folder, the oldest first."""
    found = sorted(each for each in folder.glob("*T*Z") if _is_stamp(each.name))
    return [Backup(each) for each in found if (each / CONTENTS).exists()]


def _is_stamp(name: str) -> bool:
    try:
        datetime.strptime(name, STAMP).replace(tzinfo=UTC)
    except ValueError:
        return False
    return True


@dataclass(frozen=True)
class _Last:
    """The newest copy of one database."""

    version: int
    """Of the database, as this process's connection sees it."""
    copy: Path


class Copier:
    """Makes copies of one system's databases. What has not changed since the last one is linked, not copied."""

    def __init__(self, system: Path, target: Path) -> None:
        self._system, self._target = system, target
        self._last: dict[str, _Last] = {}
        self._connections: dict[str, tuple[sqlite3.Connection, tuple[int, int]]] = {}
        """By database, and to which file: its device and inode."""

    def make(self) -> Backup:
        """Raises NoBackup where a database is missing or a restore goes on, OSError and sqlite3.Error where the disk
        does not do it; what was made until then goes, for the disk may be full."""
        self._target.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._delete_leftovers()
        made_at = datetime.now(UTC)
        making = self._target / f"{MAKING}{os.getpid()}"
        making.mkdir(mode=0o700)
        try:
            with _copying(self._system):
                copied_at = self._copy_all(making)
                keep_list(self._target, [self._system / "data" / f"{name}.sqlite" for name in ORDER])
            contents = {"copied_at": copied_at, "keys": fingerprints(self._system)}
            (making / CONTENTS).write_text(json.dumps(contents, indent=1), encoding="utf-8")
            sync(making / CONTENTS)
            sync(making)
            whole = self._target / made_at.strftime(STAMP)
            making.rename(whole)
        except BaseException:
            shutil.rmtree(making, ignore_errors=True)
            raise
        sync(self._target)
        self._last |= {name: replace(each, copy=whole / f"{name}.sqlite") for name, each in self._last.items()}
        return Backup(whole)

    def _copy_all(self, making: Path) -> dict[str, str]:
        copied_at = {}
        for name in ORDER:
            copied_at[name] = datetime.now(UTC).isoformat()
            self._copy(name, making / f"{name}.sqlite")
        return copied_at

    def _copy(self, name: str, target: Path) -> None:
        source = self._system / "data" / f"{name}.sqlite"
        if not source.exists():
            raise NoBackup(f"{source} is not there")
        connection = self._connection(name, source)
        # the version is read first: what is written meanwhile is copied, and makes another version for the next time
        version: int = connection.execute("PRAGMA data_version").fetchone()[0]
        last = self._last.get(name)
        if last is not None and last.version == version and last.copy.exists():
            os.link(last.copy, target)
        else:
            with closing(sqlite3.connect(target)) as copy:
                connection.backup(copy)
                copy.execute("PRAGMA journal_mode=DELETE")
            target.chmod(0o600)
            sync(target)
        self._last[name] = _Last(version, target)

    def _connection(self, name: str, source: Path) -> sqlite3.Connection:
        """To the file that stands there now: after a restore it is another, and the one before lies aside."""
        found = source.stat()
        which = found.st_dev, found.st_ino
        connection, before = self._connections.get(name, (None, None))
        if connection is not None and before == which:
            return connection
        if connection is not None:
            connection.close()
        self._last.pop(name, None)
        connection = sqlite3.connect(source, timeout=10)
        self._connections[name] = connection, which
        return connection

    def _delete_leftovers(self) -> None:
        """What was cut off lies there as large as a copy, and is none."""
        for each in self._target.glob(f"{MAKING}*"):
            process = each.name.removeprefix(MAKING)
            if not process.isdigit() or int(process) == os.getpid() or not _runs(int(process)):
                shutil.rmtree(each, ignore_errors=True)

    def close(self) -> None:
        """Gives back the connections to the databases."""
        for connection, _ in self._connections.values():
            connection.close()


def _runs(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


@contextmanager
def _copying(system: Path) -> Iterator[None]:
    try:
        with _locked(system, fcntl.LOCK_SH):
            yield
    except BlockingIOError:
        raise NoBackup(f"{system} is being put back to a copy (local restore)") from None


@contextmanager
def nobody_copies(system: Path) -> Iterator[None]:
    """While databases change their places: a copy would have some of before and some of after.

    Raises:
        BlockingIOError.
    """
    with _locked(system, fcntl.LOCK_EX):
        yield


@contextmanager
def _locked(system: Path, how: int) -> Iterator[None]:
    with (system / ".copies.lock").open("a") as lock:
        fcntl.flock(lock, how | fcntl.LOCK_NB)
        yield


def fingerprints(system: Path) -> dict[str, str]:
    """Of the keys without which a copy of these databases means something else."""
    return {name: digest(system / name) for name in FINGERPRINTED if (system / name).exists()}


def newest_system(run: Path) -> Path | None:
    """The folder of the system that `make run` used last."""
    found = [each for each in run.glob("data-*") if any((each / "data" / f"{name}.sqlite").exists() for name in ORDER)]
    return max(found, key=lambda each: (each / "data").stat().st_mtime, default=None)


def prune(folder: Path) -> list[Backup]:
    """Delete what the rule does not keep (NEWEST, HOURLY, DAILY). Returns what went."""
    every = backups(folder)
    kept = {each.folder for each in kept_of(every)}
    gone = [each for each in every if each.folder not in kept]
    for each in gone:
        shutil.rmtree(each.folder)
    return gone


def kept_of(every: Sequence[Backup]) -> list[Backup]:
    """Of copies, the oldest first, those that stay."""
    kept = {each.folder: each for each in every[-NEWEST:]}
    for length, most in ((timedelta(hours=1), HOURLY), (timedelta(days=1), DAILY)):
        last: dict[int, Backup] = {}
        for each in every:
            last[int(each.made_at.timestamp() // length.total_seconds())] = each
        kept |= {each.folder: each for _, each in sorted(last.items())[-most:]}
    return sorted(kept.values(), key=lambda each: each.folder)


def check(backup: Backup, names: Iterable[str]) -> None:
    """Raises NoBackup where a copy is not whole."""
    for name in names:
        path = backup.database(name)
        if not path.exists():
            raise NoBackup(f"{path} is not there")
        try:
            with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as copy:
                fault = copy.execute("PRAGMA quick_check(1)").fetchone()[0]
        except sqlite3.Error as error:
            raise NoBackup(f"{path} cannot be read: {error}") from error
        if fault != "ok":
            raise NoBackup(f"{path} is broken: {fault}")
