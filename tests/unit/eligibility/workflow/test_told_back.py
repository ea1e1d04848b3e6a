"""What an application that was put back is told: all cases, however many documents they have."""

import asyncio
from collections.abc import Collection, Sequence
from datetime import UTC, datetime
from uuid import UUID

from eligibility.domain.case import Case
from eligibility.domain.desk import Document
from eligibility.domain.ids import ApplicationId, CaseId, DocumentId
from eligibility.store import Store
from eligibility.workflow.told_back import EventReplies
from shared.database import Database
from shared.events import AuthorityId
from shared.pages import MOST_BYTES
from shared.questions import CaseOut, CasesQuestion
from support.eligibility import small_place
from support.eligibility.world import World

NOW = datetime(2026, 6, 1, tzinfo=UTC)
MANY = 150
"""Documents: 20 kB of a reply."""


class ManyDocuments(Store):
    """The store, of families that have handed in a great deal."""

    def documents_of_all(self, application_ids: Collection[ApplicationId]) -> Sequence[Document]:
        return [
            Document(
                DocumentId(UUID(int=each.int ^ number)),
                each,
                AuthorityId("1"),
                "proof",
                "application/pdf",
                1,
                None,
                NOW,
            )
            for each in application_ids
            for number in range(MANY)
        ]


def test_what_does_not_fit_into_one_reply_is_in_the_next(world: World) -> None:
    for _ in range(8):
        asyncio.run(world.hear(small_place.submitted()))
    manifold: Database[ManyDocuments] = Database(world.database.url, ManyDocuments)
    told_back, heard = EventReplies(manifold, lambda: NOW), list[CaseOut]()
    while True:
        page = asyncio.run(told_back.cases(CasesQuestion(after=heard[-1].case_id if heard else None)))
        assert len(page.model_dump_json().encode()) <= MOST_BYTES
        heard += page.cases
        if page.is_last:
            break
    manifold.close()
    everyone: Sequence[Case] = world.database.read_now(lambda store: store.page_of_all(None, 100))
    assert [CaseId(each.case_id) for each in heard] == [each.id for each in everyone]
    assert len(heard) == 8 and {len(each.documents) for each in heard} == {MANY}
