"""A family is erased: all that is kept of its applications and drafts goes, and the others are told."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

from shared.audit.acts import AuditAct, TrailAct
from shared.database import Transactions
from shared.errors import Text
from shared.events import ApplicationFamilyErased, Event, head
from shared.events.base import OfApplication
from shared.retention import OnHold

from application.domain.application import Application
from application.domain.ids import ApplicationId, Owner
from application.domain.retention import ACTION_DAYS, Hold, holds_of
from application.domain.timeline import TimelineEntry

ErasedRows = Mapping[str, int]
"""By table: how many rows went."""


class ErasureStore(Protocol):
    def find_application(self, application_id: ApplicationId, *, lock: bool = False) -> Application | None:
        """`lock`: nobody else changes it until this transaction ends."""
        ...

    def applications_of_account(self, owner: Owner) -> Sequence[ApplicationId]:
        """All of them, oldest first."""
        ...

    def news_of(self, application_ids: Sequence[ApplicationId]) -> Mapping[ApplicationId, tuple[TimelineEntry, ...]]:
        """By application; one without any is left out."""
        ...

    def note_act(self, of: OfApplication, by: str, act: AuditAct, now: datetime, detail: Mapping[str, str]) -> None:
        """On record, in the chain of the application's authority."""

    def note_erased(self, of: OfApplication, now: datetime) -> None:
        """Take nothing more of this application; nothing that was told of it is kept."""

    def erase(self, application_id: ApplicationId, now: datetime) -> ErasedRows:
        """The application, and all that goes with it."""
        ...

    def erase_account(self, owner: Owner) -> ErasedRows:
        """What the account has begun and not handed in."""
        ...

    def emit(self, *events: Event) -> None:
        """In this order."""


HELD = Text(
    "Dieser Antrag kann noch nicht gelöscht werden: {why}",
    "This application cannot be erased yet: {why}",
)
ADMINISTRATOR = "administrator"


class ErasureOnHold(OnHold):
    """It must stay for a while: the reasons, in both languages."""

    def __init__(self, holds: Sequence[Hold]) -> None:
        german, english = (" ".join(getattr(each.why, name) for each in holds) for name in ("de", "en"))
        super().__init__(Text(HELD.de.format(why=german), HELD.en.format(why=english)), holds)


class Erasure:
    """`action_days`: so long after a decision an action may still come in."""

    def __init__(self, database: Transactions[ErasureStore], action_days: int = ACTION_DAYS) -> None:
        self._database, self._action_days = database, action_days

    async def of_application(
        self, application_id: ApplicationId, now: datetime, despite: str | None = None
    ) -> ErasedRows:
        """Of one application. Erased already, or never there: nothing goes, and nobody is told.

        Args:
            despite: an administrator's reason to erase it though something holds it, without names.

        Raises:
            ErasureOnHold.
        """
        return await self._database.write(
            lambda store: erase_application(store, application_id, now, self._action_days, despite)
        )

    async def of_account(self, owner: Owner, now: datetime) -> ErasedRows:
        """Of all applications of an account, an application in each transaction, and then of its drafts.

        Raises:
            ErasureOnHold: at the first that must stay; those before it are gone.
        """
        gone: Counter[str] = Counter()
        for application_id in await self._database.read(lambda store: store.applications_of_account(owner)):
            gone.update(await self.of_application(application_id, now))
        gone.update(await self._database.write(lambda store: store.erase_account(owner), wake=False))
        return dict(sorted(gone.items()))


def erase_application(
    store: ErasureStore,
    application_id: ApplicationId,
    now: datetime,
    action_days: int = ACTION_DAYS,
    despite: str | None = None,
) -> ErasedRows:
    """Within the caller's transaction: all that is kept of it goes, and the others are told that they do the same.

    Raises:
        ErasureOnHold: where something holds it and nobody says `despite` what it goes.
    """
    application = store.find_application(application_id, lock=True)
    if application is None:
        return {}
    holds = holds_of(store.news_of([application_id]).get(application_id, ()), now, action_days)
    if holds and despite is None:
        raise ErasureOnHold(holds)
    # 1. Nothing more is taken of it, and what was told of it before is not kept.
    store.note_erased(application, now)
    # 2. It goes.
    gone = store.erase(application_id, now)
    if holds and despite is not None:
        held = " ".join(str(each.kind) for each in holds)
        store.note_act(application, ADMINISTRATOR, TrailAct.DESPITE_HOLD, now, {"held": held, "reason": despite})
    # 3. The others hear it. The event names the application alone.
    store.emit(ApplicationFamilyErased(**head(application, now)))
    return gone
