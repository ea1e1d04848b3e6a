"""Families write applications in pieces: begun, saved, found by their links, handed in, deleted, forgotten."""

from datetime import UTC, datetime

from application.domain.draft import Visitor
from application.domain.ids import DocumentId, Owner
from application.form import DraftChange
from application.workflow import NewLink, Workflow
from application.workflow.documents.upload import Upload
from support.application.documents import PDF


async def work_of_drafts(workflow: Workflow, form: dict[str, object]) -> None:
    """Some rest at the end, with a document each."""
    now, owner = datetime.now(UTC), Owner("parent-who-writes-000001")
    begun = [await _begin(workflow, owner if number else None, form, now) for number in range(5)]
    for new in begun:
        visitor, upload = Visitor(token=new.token), Upload("upload-number-000001", "other", "a.pdf", None, PDF)
        assert await workflow.drafts.id_of_link(new.token) == new.draft.id
        document = await workflow.draft_documents.add(visitor, new.draft.id, upload, now)
        await workflow.drafts.put(visitor, new.draft.id, DraftChange.of({"medium": "paper"}), now, new.draft.version)
        await workflow.drafts.view(visitor, new.draft.id, now)
        assert new.draft.owner is None or await workflow.drafts.of_owner(owner, now)
        await workflow.draft_documents.one(visitor, new.draft.id, document.id, now)
        await workflow.draft_documents.part(document.id, 0)
    sent, link = begun[0], begun[1]
    await workflow.draft_submission.submit(owner, "draft-number-000001", sent.token, sent.draft.id, now)
    await workflow.drafts.id_of_link(sent.token)
    await workflow.drafts.view(Visitor(owner), sent.draft.id, now)
    await workflow.drafts.renew_link(Visitor(token=link.token), link.draft.id, now)
    await workflow.draft_documents.remove(Visitor(owner), begun[2].draft.id, await _first(workflow, begun[2], now), now)
    await workflow.drafts.remove(Visitor(owner), begun[2].draft.id, now)
    await workflow.drafts.forget(now)


async def _begin(workflow: Workflow, owner: Owner | None, form: dict[str, object], now: datetime) -> NewLink:
    return await workflow.drafts.begin(owner, DraftChange.of(form), now)


async def _first(workflow: Workflow, new: NewLink, now: datetime) -> DocumentId:
    view = await workflow.drafts.view(Visitor(token=new.token), new.draft.id, now)
    return view.documents[0].id  # type: ignore[union-attr]
