"""What it costs that what families write is kept encrypted: CPU of an application as it is kept, read and erased, and
of a document of 10 MB, with keys and without.

    .venv/bin/python tests/bench/encryption.py [--applications 2000] [--documents 20]

The same code on a database of its own; without keys values are kept as they are. An application is its form with eight
entries of its timeline, each in a transaction as in the running service, and is read ten times. Nothing here is a test.
The last line is one JSON object.
"""

import argparse
import json
import os
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID, uuid4

sys.path.insert(0, str(Path(__file__).parents[1]))

from application.domain.application import Application
from application.domain.document import Document
from application.domain.ids import ApplicationId, DocumentId, Owner
from application.domain.timeline import EntryKind, TimelineEntry
from application.form import EXAMPLE
from application.main import open_database
from application.store import SqlStore
from application.workflow.family_keys import EndedKeys
from shared.database import Database
from shared.encryption import FamilyKeys
from support.application.keys import keys_in
from support.databases import make_tables

NEWS, READ = 8, 10
MEGABYTE = 1_000_000
FORM = json.dumps(EXAMPLE)
DETAIL = json.dumps({"reasons": [{"rule": "distance", "text": "Der Schulweg ist länger als 3.500 Meter. " * 10}]})


def application() -> Application:
    now = datetime.now(UTC)
    number = ApplicationId(uuid4())
    return Application(
        number, "19900", Owner(str(number)), "key", b"f" * 32, now, "168890", "2026/27", FORM, None, None
    )


def one_application(database: Database[SqlStore]) -> ApplicationId:
    one = application()
    database.write_now(lambda store: store.add_application(one))
    for _ in range(NEWS):
        news = TimelineEntry(EntryKind.ANSWERED, one.submitted_at, str(uuid4()), detail=DETAIL)
        database.write_now(lambda store, told=news: store.note(one.id, told))  # type: ignore[misc]  # bound
    for _ in range(READ):
        database.read_now(lambda store: (store.find_application(one.id), store.news_of([one.id])))
    return one.id


def one_document(database: Database[SqlStore], of: ApplicationId, content: bytes) -> None:
    paper = Document(
        DocumentId(UUID(bytes=os.urandom(16))), of, "other", "application/pdf", len(content), "0" * 64, "a.pdf", None,
        datetime.now(UTC),
    )  # fmt: skip
    database.write_now(lambda store: store.add_document(paper, content))
    number = 0
    while database.read_now(lambda store, at=number: store.document_part(paper.id, at)):  # type: ignore[misc]  # bound
        number += 1


def measure(folder: Path, keys: FamilyKeys | None, applications: int, documents: int) -> tuple[float, float]:
    """CPU milliseconds: of an application, and of a document."""
    url = f"sqlite:///{folder / 'with.db' if keys else folder / 'without.db'}"
    make_tables(url, "application")
    database = open_database(url, keys)
    one_application(database)
    began = time.process_time()
    ids = [one_application(database) for _ in range(applications)]
    each = (time.process_time() - began) / applications * 1000
    content = os.urandom(10 * MEGABYTE)
    began = time.process_time()
    for _ in range(documents):
        one_document(database, ids[0], content)
    document = (time.process_time() - began) / documents * 1000
    for one in ids[:20]:
        database.write_now(lambda store, gone=one: store.erase(gone, datetime.now(UTC)))  # type: ignore[misc]  # bound
    if keys is not None:
        EndedKeys(database, keys).destroy(datetime.now(UTC))
    database.close()
    return each, document


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--applications", type=int, default=2000)
    parser.add_argument("--documents", type=int, default=20)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        bare = measure(place, None, asked.applications, asked.documents)
        kept = measure(place, keys_in(place), asked.applications, asked.documents)
    for what, before, after in zip(("an application", "a document of 10 MB"), bare, kept, strict=True):
        print(f"{what}: {before:.2f} ms CPU without keys, {after:.2f} with")
    print(json.dumps({"without_ms": [round(each, 3) for each in bare], "with_ms": [round(each, 3) for each in kept]}))


if __name__ == "__main__":
    main()
