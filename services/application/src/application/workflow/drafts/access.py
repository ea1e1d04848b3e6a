"""Who opens a draft: the account that began it, or whoever has its link. For everybody else it is not there."""

from datetime import datetime, timedelta

from shared.errors import Conflict, NotFound, Text

from application.domain.application import Application
from application.domain.draft import Draft, Visitor, application_id_of
from application.domain.ids import ApplicationId, DraftId
from application.workflow.ports import Store

NO_DRAFT = Text(
    "Diesen Entwurf gibt es nicht, oder nicht mehr. Bitte prüfen Sie den Link. Entwürfe werden nach einiger Zeit "
    "gelöscht; dann beginnen Sie bitte neu.",
    "There is no such draft, or not any more. Please check the link. Drafts are deleted after some time; please begin "
    "again then.",
)
SENT = Text(
    "Dieser Antrag ist schon abgeschickt. Sie finden ihn in Ihrer Liste der Anträge und können ihn dort ändern.",
    "This application has been sent already. You find it in your list of applications, and can change it there.",
)


class DraftSent(Conflict):
    """It has become this application, which belongs to who asks."""

    def __init__(self, application_id: ApplicationId) -> None:
        super().__init__(SENT, more={"application_id": str(application_id)})
        self.application_id = application_id


def draft_or_application(
    store: Store, visitor: Visitor, draft_id: DraftId, now: datetime, kept: timedelta, *, lock: bool = False
) -> Draft | Application:
    """The draft, or what it became, to whom it belongs then.

    Args:
        kept: how long drafts are kept after the last edit.
        lock: nobody else changes it meanwhile.

    Raises:
        NotFound: for a draft that is not there, another's, and one whose time is over, the same and with the same work.
    """
    draft = store.find_draft(draft_id, lock=lock)
    application = store.find_application(application_id_of(draft_id))
    if draft is not None and draft.opens_for(visitor) and now < draft.kept_until(kept):
        return draft
    if application is not None and application.owner == visitor.owner:
        return application
    raise NotFound(NO_DRAFT)


def open_draft(
    store: Store, visitor: Visitor, draft_id: DraftId, now: datetime, kept: timedelta, *, lock: bool = False
) -> Draft:
    """The draft alone.

    Raises:
        NotFound.
        DraftSent: to whom it belongs once it was handed in.
    """
    found = draft_or_application(store, visitor, draft_id, now, kept, lock=lock)
    if isinstance(found, Application):
        raise DraftSent(found.id)
    return found
