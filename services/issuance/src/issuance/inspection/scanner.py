"""Reads codes in the API with the newest lists that the signer published, kept ready in memory."""

import asyncio
from collections.abc import Callable
from datetime import datetime
from typing import Protocol, TypeVar

from shared.database import Step
from shared.errors import Text, Unavailable

from issuance.domain.verdict import VerificationResult
from issuance.inspection.picture_readers import PictureReaders
from issuance.verification import reading
from issuance.verification.trust import Unusable, assemble
from issuance.verification.verifier import Verifier
from issuance.workflow.inspection.inspect import Lists

LOOK_SECONDS = 1.0
"""How often, at most, the tables are asked whether another process of the API has heard something new."""
NOT_FITTING = Text(
    "Die Vertrauenslisten passen gerade nicht zusammen. Bitte versuchen Sie es gleich wieder.",
    "The trust lists do not fit together just now. Please try again in a moment.",
)


Result = TypeVar("Result")


class ListStore(Protocol):
    """The tables of published lists."""

    def lists_version(self) -> tuple[int, int, int]:
        """Changes whenever a list does."""

    def lists(self) -> Lists:
        """Everything that the signer published, as it is kept."""


class Source(Protocol):
    """Where the lists are read, and what tells of a change."""

    def after_commit(self, call: Callable[[], None]) -> None:
        """`call` is called after each write that was committed."""

    async def read(self, query: Step[ListStore, Result]) -> Result:
        """The result of a step in a transaction that only reads."""


class LiveScanner:
    """Implements the port Scanner."""

    def __init__(
        self, database: Source, monotonic: Callable[[], float], pictures: PictureReaders | None = None
    ) -> None:
        self._database = database
        self._monotonic = monotonic
        self._looked_at = float("-inf")
        self._version: tuple[int, int, int] | None = None
        self._lists = Lists(None, {}, {})
        self._verifier: Verifier | None = None
        self._refreshing = asyncio.Lock()
        self._pictures = pictures or PictureReaders()
        database.after_commit(self._look_again)

    def _look_again(self) -> None:
        self._looked_at = float("-inf")

    async def lists(self) -> Lists:
        """What is published now; read again from the store only where something was written since."""
        await self._refresh()
        return self._lists

    async def scan(self, kind: str, content: bytes, at: datetime) -> VerificationResult:
        """`kind` is vdv, qr or image. Pictures take a tenth of a second, and are decoded in a process of their own."""
        verifier = await self._current()
        if kind == "vdv":
            return verifier.verify_vdv(content, at)
        if kind == "qr":
            return reading.read_text(verifier, content, at)
        return await self._pictures.run(lambda read: reading.read_picture(verifier, content, at, read))

    async def _current(self) -> Verifier:
        await self._refresh()
        if self._verifier is not None:
            return self._verifier
        lists = self._lists
        try:
            trust = await asyncio.to_thread(
                assemble,
                lists.certificates.values(),
                lists.trust_list,
                lists.newest().values(),
                (),
                lists.issued.values(),
            )
        except Unusable as error:
            raise Unavailable(NOT_FITTING) from error
        verifier = Verifier(trust)
        if lists is self._lists:
            self._verifier = verifier
        return verifier

    async def _refresh(self) -> None:
        async with self._refreshing:
            if self._monotonic() - self._looked_at < LOOK_SECONDS:
                return
            self._looked_at = self._monotonic()
            version = await self._database.read(lambda store: store.lists_version())
            if version != self._version:
                self._lists = await self._database.read(lambda store: store.lists())
                self._version, self._verifier = version, None
