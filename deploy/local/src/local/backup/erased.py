"""Which applications were erased: a list beside the copies, so that a copy that is put back does not bring them back.

It holds random ids, authorities and times, and nothing of anybody; so it may be kept for good.
"""

import json
import sqlite3
from collections.abc import Iterable, Mapping
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

from shared.bus.erasures import ErasedApplication, read_erased
from shared.durable_files import sync

LIST = "erased.json"
ERASED = "SELECT application_id, authority_id, erased_at FROM erased_application"
DUE = "SELECT application_id, authority_id, erased_at FROM erasure_due"


def keep_list(target: Path, databases: Iterable[Path]) -> int:
    """Add to the list in the folder of the copies what these databases know. Returns how long it is."""
    known = {**erased_by_list(target), **erased_by_databases(databases)}
    path, new = target / LIST, target / f".{LIST}.new"
    rows = [
        {"application_id": str(each.application_id), "authority_id": each.authority_id,
         "erased_at": each.erased_at.isoformat()}
        for _, each in sorted(known.items())
    ]  # fmt: skip
    new.write_text(json.dumps(rows, indent=1), encoding="utf-8")
    new.chmod(0o600)
    sync(new)
    new.replace(path)
    sync(target)
    return len(rows)


def erased_by_list(target: Path) -> Mapping[UUID, ErasedApplication]:
    """What the list in this folder says; empty where there is none."""
    path = target / LIST
    if not path.exists():
        return {}
    return {each.application_id: each for each in read_erased(path.read_bytes())}


def erased_by_databases(databases: Iterable[Path]) -> Mapping[UUID, ErasedApplication]:
    """What these know, as far as they can be read."""
    found: dict[UUID, ErasedApplication] = {}
    for path in databases:
        for query in (ERASED, DUE):
            try:
                with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as database:
                    rows = database.execute(query).fetchall()
            except sqlite3.Error:  # missing, broken, or of before there was such a table
                continue
            for application_id, authority_id, erased_at in rows:
                one = ErasedApplication(UUID(application_id), authority_id, _moment(erased_at))
                found[one.application_id] = one
    return found


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)
