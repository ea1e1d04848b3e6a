"""The worker that seals what was printed, so that no request waits for a token.

1. For each authority of which notices wait, its token is opened once. 2. Each notice is sealed and read back. 3. In one
transaction the sealed file takes the place of the other, with its digest. What cannot be sealed waits, or goes out
without after a while, as the authority's setting says; both are logged, and the first is told by `/readyz`.
"""

import asyncio
import hashlib
import importlib
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING

import structlog
from prometheus_client import Counter
from shared.database import Transactions
from shared.errors import Text, Unavailable
from shared.events import AuthorityId
from shared.runtime.backlog import Backlog, row_key
from shared.runtime.worker import Worker

from eligibility.printing.seals.fault import Fault, SealFault
from eligibility.printing.seals.settings import SealSettings
from eligibility.store.decision.seals import SEALING, NoticeToSeal, SealTables

if TYPE_CHECKING:
    from eligibility.printing.seals.token import TokenSigner

log = structlog.get_logger("seal")
seals_total = Counter("notice_seals", "Notices of authorities that seal, by what became of them", ["outcome"])
AT_ONCE = 16
SEALING_SECONDS = 10.0
NO_SETTINGS = "no_settings"
"""An authority that does not seal any more, while notices still waited."""
CANNOT_SEAL = Text("Bescheide können gerade nicht gesiegelt werden.", "Notices cannot be sealed just now.")


class NoticeSealer:
    """`seals`: by authority."""

    def __init__(
        self,
        database: Transactions[SealTables],
        seals: Mapping[AuthorityId, SealSettings],
        clock: Callable[[], datetime],
    ) -> None:
        self._database, self._seals, self._clock = database, seals, clock
        self._backlog = Backlog(SEALING, database, clock, (SealFault,))
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="seal")
        self._refused: dict[AuthorityId, str] = {}
        """Digests of PINs that a token has refused: another try may lock it."""

    async def seal_due(self) -> int:
        """Seal a batch of each authority. Returns 0 when nothing is left.

        Raises:
            Unavailable: where one cannot seal; the others have gone on.
        """
        count, faults = 0, []
        for authority_id in await self._database.read(lambda store: store.authorities_to_seal()):
            try:
                count += await self._seal_of(authority_id)
            except SealFault as error:
                log.error("cannot_seal", authority=authority_id, fault=error.fault)
                faults.append(error)
        if faults:
            raise Unavailable(CANNOT_SEAL) from faults[0]
        return count

    async def _seal_of(self, authority_id: AuthorityId) -> int:
        query = partial(_to_seal, authority_id, self._clock())
        due: Sequence[NoticeToSeal] = await self._database.read(query)
        settings = self._seals.get(authority_id)
        if settings is None:
            await self._send_unsealed(due, NO_SETTINGS)
            return len(due)
        loop = asyncio.get_running_loop()
        try:
            sealed = await loop.run_in_executor(self._thread, self._seal, authority_id, settings, due)
        except SealFault as error:
            if settings.without == "wait":
                raise
            since = self._clock() - timedelta(minutes=settings.wait_minutes)
            await self._send_unsealed([each for each in due if each.written_at <= since], str(error.fault))
            raise
        for notice, pdf in zip(due, sealed, strict=True):
            await self._backlog.each([notice], _key, partial(self._keep, pdf=pdf))
        return len(due)

    def _seal(
        self, authority_id: AuthorityId, settings: SealSettings, due: Sequence[NoticeToSeal]
    ) -> Sequence[bytes | Exception]:
        """In the thread of the token. Whose authorities seal nothing loads none of the libraries for it."""
        from eligibility.printing.seals.token import open_signer

        pin = self._pin(authority_id, settings)
        try:
            with open_signer(settings, pin, self._clock()) as signer:
                return [self._one(each, signer, settings) for each in due]
        except SealFault as error:
            if error.fault is Fault.PIN:
                self._refused[authority_id] = _digest(pin)
            raise

    def _one(self, notice: NoticeToSeal, signer: "TokenSigner", settings: SealSettings) -> bytes | Exception:
        """One that cannot be read holds up no other."""
        from eligibility.printing.seals.sealing import seal_pdf

        try:
            return seal_pdf(notice.pdf, signer, settings, self._clock())
        except SealFault:
            raise
        except Exception as error:
            return error

    def _pin(self, authority_id: AuthorityId, settings: SealSettings) -> str:
        """Raises SealFault for a file that is not there, and for a PIN that the token has refused."""
        try:
            pin = settings.pin_file.read_text(encoding="utf-8").strip()
        except (OSError, ValueError):
            raise SealFault(Fault.PIN) from None
        if self._refused.get(authority_id) == _digest(pin):
            raise SealFault(Fault.PIN)
        return pin

    async def _keep(self, notice: NoticeToSeal, *, pdf: bytes | Exception) -> None:
        if isinstance(pdf, Exception):
            raise pdf
        await self._database.write(partial(_set_sealed, notice, pdf, self._clock()), wake=False)
        seals_total.labels("sealed").inc()

    async def _send_unsealed(self, notices: Sequence[NoticeToSeal], fault: str) -> None:
        for each in notices:
            await self._database.write(partial(_set_unsealed, each, fault), wake=False)
            seals_total.labels("unsealed").inc()
            log.error("notice_without_seal", decision_id=str(each.decision_id), fault=fault)


def seal_worker(
    database: Transactions[SealTables], seals: Mapping[AuthorityId, SealSettings], clock: Callable[[], datetime]
) -> Worker:
    """Woken by what was printed. Also where nobody seals: then what still waits goes out. Where somebody does, the
    libraries are loaded now: once an upgrade has begun, another version's may lie in their place."""
    if seals:
        importlib.import_module("eligibility.printing.seals.sealing")
    return Worker(SEALING, NoticeSealer(database, seals, clock).seal_due, SEALING_SECONDS, woken=True)


def _key(notice: NoticeToSeal) -> str:
    return row_key(notice.decision_id)


def _digest(pin: str) -> str:
    return hashlib.sha256(pin.encode()).hexdigest()


def _to_seal(authority_id: AuthorityId, now: datetime, store: SealTables) -> Sequence[NoticeToSeal]:
    return store.notices_to_seal(authority_id, AT_ONCE, now)


def _set_sealed(notice: NoticeToSeal, pdf: bytes, now: datetime, store: SealTables) -> None:
    store.set_sealed(notice.token, pdf, now)


def _set_unsealed(notice: NoticeToSeal, fault: str, store: SealTables) -> None:
    store.set_unsealed(notice.token, fault)
