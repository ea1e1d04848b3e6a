"""What an authority asks on its form, another one may take over: what is published, and no draft."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from uuid import uuid4

from eligibility.store import Store
from eligibility.workflow.rule_sets.own_form_versions import OwnFormId, OwnFormVersion
from shared.database import Database
from shared.events.own_form import OwnForm
from shared.identity import Caller
from shared.row_security.asking import asks, request_begins, request_ends
from support.databases import make_tables

NOW = datetime(2026, 11, 30, 9, 0, tzinfo=UTC)
FIRST, SECOND = "12345", "67890"


@contextmanager
def asked_by(authority: str) -> Iterator[None]:
    token = request_begins()
    try:
        asks(Caller("anna", authority, frozenset({"administrator"})))
        yield
    finally:
        request_ends(token)


def test_another_authority_sees_what_is_published_and_no_draft(postgresql: Callable[[], str]) -> None:
    url = postgresql()
    make_tables(url, "eligibility")
    database: Database[Store] = Database(url, Store)
    draft = OwnFormVersion(OwnFormId(uuid4()), FIRST, "draft", "", OwnForm(), None, ("anna",), NOW, NOW)
    version = replace(draft, state="published", version=1, published_by="bob", published_at=NOW, valid_from=NOW.date())
    with asked_by(FIRST):
        database.write_now(lambda store: store.put_own_form(draft))
    with asked_by(SECOND):
        assert database.read_now(lambda store: store.own_form(draft.id)) is None
    with asked_by(FIRST):
        database.write_now(lambda store: store.put_own_form(version))
    with asked_by(SECOND):
        assert database.read_now(lambda store: store.latest_own_form(FIRST)) == version
    database.close()
