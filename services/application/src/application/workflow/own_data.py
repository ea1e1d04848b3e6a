"""All that is kept of an account, for whoever it is about (Art. 15 and 20 GDPR): to be read, and to be taken along."""

from collections.abc import Sequence
from dataclasses import dataclass

from shared.database import Transactions

from application.domain.application import View
from application.domain.document import Document
from application.domain.draft import Draft, DraftDocument
from application.domain.ids import Owner
from application.domain.people import Person
from application.workflow.applications.applications import view_of
from application.workflow.ports import AccountRows, Store

MOST_DRAFTS = 10_000
"""More than can be begun in the days for which they are kept."""


@dataclass(frozen=True)
class BegunDraft:
    """An application that was begun, with what was handed in for it."""

    draft: Draft
    documents: tuple[DraftDocument, ...]


@dataclass(frozen=True)
class OwnApplication:
    """An application of the account, and who helps with it."""

    view: View
    people: tuple[Person, ...]


@dataclass(frozen=True)
class AccountData:
    """All that is kept of an account, without the bytes of its files."""

    applications: tuple[OwnApplication, ...]
    drafts: tuple[BegunDraft, ...]
    rows: AccountRows

    @property
    def files(self) -> Sequence[Document | DraftDocument]:
        """What was handed in, in order."""
        handed_in = [each for one in self.applications for each in one.view.documents]
        return [*handed_in, *(each for one in self.drafts for each in one.documents)]


class OwnData:
    def __init__(self, database: Transactions[Store]) -> None:
        self._database = database

    async def of(self, owner: Owner) -> AccountData:
        """As it is in one transaction. What others hold of it, and what it may see of others, is not among it."""

        def query(store: Store) -> AccountData:
            found = [store.find_application(each) for each in store.applications_of_account(owner)]
            applications = tuple(
                OwnApplication(view_of(store, each), tuple(store.people_of(each.id))) for each in found if each
            )
            begun = store.drafts_of(owner, MOST_DRAFTS)
            drafts = tuple(BegunDraft(each, tuple(store.draft_documents(each.id))) for each in begun)
            return AccountData(applications, drafts, store.rows_of_account(owner))

        return await self._database.read(query)

    async def part(self, file: Document | DraftDocument, number: int) -> bytes | None:
        """The next piece of a file that `of` has found; None behind the last, or where it was deleted since."""

        def query(store: Store) -> bytes | None:
            if isinstance(file, Document):
                return store.document_part(file.id, number)
            return store.draft_document_part(file.id, number)

        return await self._database.read(query)
