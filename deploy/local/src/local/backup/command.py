"""`local backup` and `local restore`: what a person reads of them, and when they fail."""

import os
import signal
import sqlite3
import threading
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from local.backup.copies import ORDER, Backup, Copier, NoBackup, OthersBackup, prune
from local.backup.key_copy import check_apart, copy_keys
from local.backup.restore import RestoreResult, StillRunning, choose_backup, restore, while_stopped

Say = Callable[[str], None]
AFTERWARDS = {
    "application": "Families that were erased since the copy are erased once more at the start. "
    "`application reconcile` then lists what it has lost: write to those families.",
    "eligibility": "eligibility asks the others which decisions it had made, before it decides. "
    "`eligibility reconcile` then lists what people did since the copy and must do once more.",
    "signer": "The signer signs nothing until `issuance recover` has been run.",
}


def show_backup(say: Say, system: Path, folder: Path, every: float | None, keys_to: Path | None = None) -> int:
    """One copy, or one every so many seconds until Ctrl-C or SIGTERM. A copy that fails is said, and tried again.

    Args:
        keys_to: where the newest copy of the key store goes; None: it is not copied.
    """
    try:
        if keys_to is not None:
            check_apart(keys_to, folder, system)
    except NoBackup as error:
        say(str(error))
        return os.EX_USAGE
    ended = threading.Event()
    if every is not None:
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: ended.set())
    with closing(Copier(system, folder)) as copier:
        while True:
            begun = time.monotonic()
            failed = _copy_once(say, copier, folder) or _copy_keys_once(say, system, keys_to)
            if every is None:
                return failed
            if ended.wait(max(0.0, every - (time.monotonic() - begun))):
                return os.EX_OK


def _copy_once(say: Say, copier: Copier, folder: Path) -> int:
    begun = time.monotonic()
    try:
        made = copier.make()
        gone = prune(folder)
    except (NoBackup, OSError, sqlite3.Error) as error:
        say(f"no backup was made: {error}")
        return os.EX_IOERR
    more = f", {len(gone)} old ones deleted" if gone else ""
    say(f"{made.folder}: {_megabytes(made):.1f} MB in {time.monotonic() - begun:.2f} s{more}")
    return os.EX_OK


def _copy_keys_once(say: Say, system: Path, folder: Path | None) -> int:
    if folder is None:
        say("the keys of families are in no copy: keep the newest copy of them apart by --keys-to")
        return os.EX_OK
    try:
        say(f"{copy_keys(system, folder)}: the keys of families; their wrapping key is not among them")
    except (NoBackup, OSError, sqlite3.Error) as error:
        say(f"the keys of families were not copied: {error}")
        return os.EX_IOERR
    return os.EX_OK


def _megabytes(made: Backup) -> float:
    return sum(made.database(name).stat().st_size for name in ORDER) / 1e6


def show_restore(say: Say, system: Path, folder: Path, only: str | None) -> int:
    """Exit 2: a name that is none, or another installation's copy; 1: it runs, or the copy is no good. Nothing was
    changed then."""
    if only is not None and only not in ORDER:
        say(f"{only} is none of {', '.join(ORDER)}")
        return 2
    names = ORDER if only is None else (only,)
    try:
        with while_stopped(system):
            backup = choose_backup(folder)
            done = restore(system, backup, names)
    except (StillRunning, NoBackup) as problem:
        say(str(problem))
        return 2 if isinstance(problem, OthersBackup) else 1
    _tell(say, backup, done)
    return os.EX_OK


def _tell(say: Say, backup: Backup, done: list[RestoreResult]) -> None:
    say(f"restored from {backup.folder}")
    for each in done:
        say(f"  {each.name}: as of {each.copied_at:%Y-%m-%d %H:%M:%S} UTC, epoch {each.epoch}, "
            f"events that go again: {each.told_again}")  # fmt: skip
        if each.erased_again:
            say(f"  {each.name}: families erased since then, which go once more at its start: {each.erased_again}")
    say("Start the system (make run): what was put back hears its streams once more.")
    for each in done:
        if each.name in AFTERWARDS:
            say(AFTERWARDS[each.name])
