"""A family is erased: all that is kept of its applications and drafts goes, and the others are told."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Protocol

from shared.audit.acts import AuditAct, TrailAct
from shared.bus.erasures import ErasedApplication
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

    def erasures_due(self, limit: int) -> Sequence[ErasedApplication]:
        """Erased before this database was put back to an older copy, and here once more."""
        ...

    def settle_erasure(self, application_id: ApplicationId) -> None:
        """It is erased once more."""


HELD = Text(
    "Dieser Antrag kann noch nicht gelöscht werden: {why}",
    "This application cannot be erased yet: {why}",
)
ADMINISTRATOR = "administrator"
ERASED_BEFORE = "it was erased before the database was put back"
AT_ONCE = 50
ACCOUNT_HELD = Text(
    "Nicht alles kann jetzt schon gelöscht werden. Welcher Antrag bleiben muss, warum und bis wann, steht dabei. Es "
    "wurde nichts gelöscht.",
    "Not everything can be erased now. Which application must stay, why and until when, is said with it. Nothing was "
    "erased.",
)


class ErasureOnHold(OnHold):
    """It must stay for a while: the reasons, in both languages."""

    def __init__(self, holds: Sequence[Hold]) -> None:
        german, english = (" ".join(getattr(each.why, name) for each in holds) for name in ("de", "en"))
        super().__init__(Text(HELD.de.format(why=german), HELD.en.format(why=english)), holds)


@dataclass(frozen=True)
class HeldApplication:
    """One of an account's applications, and what holds it."""

    application_id: ApplicationId
    holds: tuple[Hold, ...]


class AccountOnHold(ErasureOnHold):
    """Some of an account's applications must stay for a while: which, why and until when."""

    def __init__(self, held: Sequence[HeldApplication]) -> None:
        every = [hold for each in held for hold in each.holds]
        super().__init__(every)
        why = list(dict.fromkeys(hold.why for hold in every))
        german, english = (" ".join([getattr(each, name) for each in (ACCOUNT_HELD, *why)]) for name in ("de", "en"))
        self.text = Text(german, english)
        self.held = tuple(held)
        self.more["holds"] = [
            {
                "application_id": str(each.application_id),
                "kind": str(hold.kind),
                "until": hold.until and hold.until.isoformat(),
                "why": {"de": hold.why.de, "en": hold.why.en},
                "legal_basis": hold.rule.legal_basis,
            }
            for each in held
            for hold in each.holds
        ]


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

    async def erase_again(self, now: datetime) -> int:
        """Of a database that was put back to an older copy: what was erased since then goes once more, whatever holds
        it by what that copy knows. Returns how many: none are left once that is 0."""

        found = await self._database.read(lambda store: store.erasures_due(AT_ONCE))
        for each in found:
            await self._database.write(partial(_erase_again, each, now, self._action_days))
        return len(found)

    async def held_of(self, owner: Owner, now: datetime) -> Sequence[HeldApplication]:
        """Those of an account's applications that must stay for a while, oldest first."""

        def query(store: ErasureStore) -> list[HeldApplication]:
            ids = store.applications_of_account(owner)
            news = store.news_of(ids)
            found = [HeldApplication(each, tuple(holds_of(news.get(each, ()), now, self._action_days))) for each in ids]
            return [each for each in found if each.holds]

        return await self._database.read(query)

    async def of_account(self, owner: Owner, now: datetime, *, keep_held: bool = False) -> ErasedRows:
        """Of all applications of an account, an application in each transaction, and then of its drafts and of its help
        with others.

        Args:
            keep_held: what must stay for a while stays, and all else goes.

        Raises:
            AccountOnHold: where something must stay; then nothing is gone.
            ErasureOnHold: where it must stay since a moment ago; those before it are gone.
        """
        held = await self.held_of(owner, now)
        if held and not keep_held:
            raise AccountOnHold(held)
        stay = {each.application_id for each in held}
        gone: Counter[str] = Counter()
        for application_id in await self._database.read(lambda store: store.applications_of_account(owner)):
            if application_id not in stay:
                gone.update(await self.of_application(application_id, now))
        gone.update(await self._database.write(lambda store: store.erase_account(owner), wake=False))
        return dict(sorted(gone.items()))


def _erase_again(one: ErasedApplication, now: datetime, action_days: int, store: ErasureStore) -> None:
    application_id = ApplicationId(one.application_id)
    erase_application(store, application_id, now, action_days, ERASED_BEFORE)
    store.note_erased(one, now)  # also what the copy did not know: what is told of it is dropped
    store.settle_erasure(application_id)


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
    # 2. It goes: the one place where anything of a family is destroyed, also what lies apart from these tables.
    gone = store.erase(application_id, now)
    if holds and despite is not None:
        held = " ".join(str(each.kind) for each in holds)
        store.note_act(application, ADMINISTRATOR, TrailAct.DESPITE_HOLD, now, {"held": held, "reason": despite})
    # 3. The others hear it. The event names the application alone.
    store.emit(ApplicationFamilyErased(**head(application, now)))
    return gone
