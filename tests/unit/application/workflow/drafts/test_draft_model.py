"""Random lives of drafts, held step by step against a small model of what must be there, and for whom."""

import json
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
import sqlalchemy as sa
from application.checks import SchoolKeys
from application.domain.application import Application
from application.domain.draft import Visitor, application_id_of
from application.domain.ids import DocumentId, DraftId, Owner
from application.form import EXAMPLE, DraftChange
from application.store import SqlStore
from application.workflow import Workflow, workflow_on
from application.workflow.documents.upload import Upload
from application.workflow.drafts.access import DraftSent
from shared.database import Database
from shared.errors import Conflict, Invalid, NotFound
from shared.events import ApplicationDocumentAdded, ApplicationSubmitted
from support.application import directory
from support.application.documents import PHOTO
from support.databases import on_both
from support.json import mapping
from support.outbox import told

START = datetime(2026, 6, 1, 10, 0, tzinfo=UTC)
KEPT = timedelta(days=30)
OWNERS = (Owner("parent-1"), Owner("parent-2"), None)
VALUES: dict[str, list[object]] = {name: [value, None] for name, value in EXAMPLE.items()} | {
    "grade": ["05", "05", "01", None],
    "pupil": [EXAMPLE["pupil"], EXAMPLE["pupil"], {"first_name": "Ana"}],
    "medium": ["wallet", "paper", None],
}
STEPS = ("begin", "put", "put", "put", "put_stale", "fill", "upload", "upload", "remove_document", "renew", "delete",
         "submit", "submit", "submit_again", "wait", "wait_long", "forget")  # fmt: skip


@pytest.fixture
def database(request: pytest.FixtureRequest) -> Iterator[Database[SqlStore]]:
    if request.param == "sqlite":
        database = directory.open_filled(
            f"sqlite:///{request.getfixturevalue('tmp_path') / 'model.db'}", directory.school()
        )
    else:
        database = directory.open_filled(request.getfixturevalue("postgresql")(), directory.school())
    yield database
    database.close()


@dataclass
class Expected:
    """Of one draft."""

    id: DraftId
    owner: Owner | None
    token: str
    edited_at: datetime
    form: dict[str, object]
    documents: list[DocumentId] = field(default_factory=list)
    seen: list[tuple[int, dict[str, object]]] = field(default_factory=list)
    """Each version, and the form as it was."""
    old_tokens: list[str] = field(default_factory=list)
    deleted: bool = False
    sent_by: tuple[Owner, str] | None = None

    def is_there(self, now: datetime) -> bool:
        return not self.deleted and self.sent_by is None and now < self.edited_at + KEPT


class Lives:
    """The real thing and the model, side by side."""

    def __init__(self, workflow: Workflow, database: Database[SqlStore], seed: int) -> None:
        self.workflow, self.database, self.draw = workflow, database, random.Random(seed)
        self.now, self.keys = START, 0
        self.drafts: list[Expected] = []

    async def step(self) -> None:
        name = self.draw.choice(STEPS) if self.drafts else "begin"
        self.now += timedelta(seconds=self.draw.randrange(1, 3600))
        if name in {"begin", "wait", "wait_long", "forget"}:
            await getattr(self, name)()
        else:
            await getattr(self, name)(self.draw.choice(self.drafts[-4:]))
        await self.compare()

    def parts(self) -> dict[str, object]:
        names = self.draw.sample(sorted(VALUES), self.draw.randrange(1, 4))
        return {name: self.draw.choice(VALUES[name]) for name in names}

    def who(self, draft: Expected) -> Visitor:
        """Somebody who may."""
        if draft.owner is not None and self.draw.random() < 0.5:
            return Visitor(draft.owner)
        return Visitor(self.draw.choice(OWNERS), draft.token)

    async def begin(self) -> None:
        owner, parts = self.draw.choice(OWNERS), self.parts()
        new = await self.workflow.drafts.begin(owner, DraftChange.of(parts), self.now)
        form = {name: value for name, value in parts.items() if value is not None}
        self.drafts.append(Expected(new.draft.id, owner, new.token, self.now, form, seen=[(new.draft.version, form)]))

    async def put(self, draft: Expected, parts: dict[str, object] | None = None, seen: int | None = None) -> None:
        parts = parts or self.parts()
        there, visitor = draft.is_there(self.now), self.who(draft)
        try:
            view = await self.workflow.drafts.put(visitor, draft.id, DraftChange.of(parts), self.now, seen)
        except NotFound:
            assert not there
            return
        except DraftSent:
            assert draft.sent_by is not None and draft.sent_by[0] == visitor.owner
            return
        assert there
        draft.form = {name: value for name, value in {**draft.form, **parts}.items() if value is not None}
        draft.edited_at = self.now
        draft.seen.append((view.draft.version, draft.form))

    async def put_stale(self, draft: Expected) -> None:
        """A window that was opened earlier."""
        version, saw = self.draw.choice(draft.seen)
        parts = self.parts()
        since = [form for number, form in draft.seen if number >= version]
        touched = {name for name in parts if any(each.get(name) != saw.get(name) for each in since)}
        lost = {name for name in touched if parts[name] != draft.form.get(name)}
        if lost and draft.is_there(self.now):
            with pytest.raises(Conflict) as raised:
                await self.put(draft, parts, version)
            assert {each.field for each in raised.value.problems} == lost
        else:
            await self.put(draft, parts, version)

    async def fill(self, draft: Expected) -> None:
        await self.put(draft, dict(EXAMPLE))

    async def upload(self, draft: Expected) -> None:
        self.keys += 1
        upload = Upload(f"upload-{self.keys:04}", "other", "Attest.png", None, PHOTO)
        try:
            made = await self.workflow.draft_documents.add(self.who(draft), draft.id, upload, self.now)
        except (NotFound, DraftSent):
            assert not draft.is_there(self.now)
            return
        except Conflict:
            assert len(draft.documents) == 20
            return
        draft.documents.append(made.id)
        draft.edited_at = self.now

    async def remove_document(self, draft: Expected) -> None:
        which = self.draw.choice([*draft.documents, DocumentId(uuid4())])
        try:
            await self.workflow.draft_documents.remove(self.who(draft), draft.id, which, self.now)
        except (NotFound, DraftSent):
            assert not draft.is_there(self.now) or which not in draft.documents
            return
        draft.documents.remove(which)
        draft.edited_at = self.now

    async def renew(self, draft: Expected) -> None:
        try:
            new = await self.workflow.drafts.renew_link(self.who(draft), draft.id, self.now)
        except (NotFound, DraftSent):
            assert not draft.is_there(self.now)
            return
        draft.old_tokens.append(draft.token)
        draft.token = new.token

    async def delete(self, draft: Expected) -> None:
        if self.draw.random() < 0.7:
            return
        try:
            await self.workflow.drafts.remove(self.who(draft), draft.id, self.now)
        except (NotFound, DraftSent):
            assert not draft.is_there(self.now)
            return
        draft.deleted = True

    async def submit(self, draft: Expected) -> None:
        self.keys += 1
        owner, key, there = self.draw.choice(OWNERS[:2]), f"key-{self.keys:08}", draft.is_there(self.now)
        whole = EXAMPLE.keys() <= draft.form.keys() | {"track", "claims", "lives_in_nrw", "special_needs", "language",
                "severely_disabled", "siblings", "benefits", "medium", "consents"}  # fmt: skip
        fits = whole and draft.form["grade"] == "05" and "birth_date" in mapping(draft.form["pupil"])
        try:
            made = await self.workflow.draft_submission.submit(owner, key, draft.token, draft.id, self.now)
        except NotFound:
            assert not there
            return
        except DraftSent:
            assert draft.sent_by is not None and draft.sent_by[0] == owner
            return
        except Invalid:
            assert there and not fits
            return
        assert there and fits
        draft.sent_by = owner, key
        assert made.application.owner == owner

    async def submit_again(self, draft: Expected) -> None:
        if draft.sent_by is None:
            return
        owner, key = draft.sent_by
        again = await self.workflow.draft_submission.submit(owner, key, None, draft.id, self.now)
        view = await self.workflow.applications.view(owner, again.application.id)
        assert [each.id for each in view.documents] == draft.documents

    async def wait(self) -> None:
        self.now += timedelta(days=self.draw.randrange(6))

    async def wait_long(self) -> None:
        if self.draw.random() < 0.3:
            self.now += self.draw.choice([timedelta(days=29, hours=23), KEPT])

    async def forget(self) -> None:
        while await self.workflow.drafts.forget(self.now):
            pass
        left = self.database.read_now(lambda s: s.session.execute(sa.text("SELECT count(*) FROM draft")).scalar_one())
        assert left == sum(each.is_there(self.now) for each in self.drafts)

    async def compare(self) -> None:
        for draft in {each.id: each for each in (self.draw.choice(self.drafts), self.drafts[-1])}.values():
            await self._compare(draft)
        sent = [each for each in self.drafts if each.sent_by is not None]
        assert len(told(self.database, ApplicationSubmitted)) == len(sent)
        events = told(self.database, ApplicationDocumentAdded)
        assert [each.document_id for each in events] == [
            document
            for one in told(self.database, ApplicationSubmitted)
            for each in sent
            if self.ids[each.id] == one.application_id
            for document in each.documents
        ]

    @property
    def ids(self) -> dict[DraftId, object]:
        return {each.id: application_id_of(each.id) for each in self.drafts}

    async def _compare(self, draft: Expected) -> None:
        view, there = self.workflow.drafts.view, draft.is_there(self.now)
        wrong = [Visitor(), Visitor(Owner("stranger"), "x" * 22), Visitor(None, draft.token[:-1])]
        wrong += [Visitor(None, each) for each in draft.old_tokens[-2:]]
        right = [Visitor(None, draft.token), *([Visitor(draft.owner)] if draft.owner else [])]
        if not there:
            wrong, right = [*wrong, Visitor(None, draft.token)], []
        if draft.sent_by is not None:
            right = [Visitor(draft.sent_by[0])]
        for visitor in wrong:
            with pytest.raises(NotFound):
                await view(visitor, draft.id, self.now)
        for visitor in right:
            found = await view(visitor, draft.id, self.now)
            if isinstance(found, Application):
                assert draft.sent_by is not None
                continue
            assert json.loads(found.draft.form) == draft.form
            assert [each.id for each in found.documents] == draft.documents
            assert found.deleted_at == draft.edited_at + KEPT


@on_both("database")
@pytest.mark.parametrize("seed", range(3))
async def test_a_life_in_random_steps_is_as_the_model_has_it(
    database: Database[SqlStore], keys: SchoolKeys, seed: int
) -> None:
    lives = Lives(workflow_on(database, keys), database, seed)
    for _ in range(80):
        if lives.now > START + timedelta(days=900):
            break
        await lives.step()
    for table in ("draft_document", "draft_document_part"):
        left = database.read_now(
            lambda s, table=table: s.session.execute(sa.text(f"SELECT count(*) FROM {table}")).scalar_one()  # type: ignore[misc]
        )
        there = sum(len(each.documents) for each in lives.drafts if each.sent_by is None and not each.deleted)
        assert left <= there
