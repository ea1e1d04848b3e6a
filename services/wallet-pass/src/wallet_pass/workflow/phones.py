"""What a phone asks for, and how it is told: registered for a pass, pushed to when that has changed, given the newest.

An unknown pass, another's token and another pass type get one answer, and an unknown device that of one whose passes
have not changed.
"""

import asyncio
import hmac
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from shared.database import Transactions
from shared.errors import Conflict, Forbidden, Text
from shared.runtime.backlog import Backlog, row_key

from wallet_pass.domain.carried import Seal
from wallet_pass.domain.devices import Device, DeviceId, PushToken, device_key
from wallet_pass.workflow.apple_ports import DeadPushToken, Packer, PushService
from wallet_pass.workflow.changes import Changes, PhoneChanges
from wallet_pass.workflow.ports import StoredPass, Tables

BATCH = 500
"""How many devices a worker takes up at once."""
AT_ONCE = 50
"""Pushes on their way at the same time: streams of one connection, of which Apple allows many more."""
NOT_YOURS = Text("Dieser Pass gehört nicht zu diesem Schlüssel.", "This pass does not belong to this token.")
FULL = Text(
    "Dieser Pass liegt schon auf sehr vielen Geräten, oder dieses Gerät hat schon sehr viele Pässe. Bitte entfernen "
    "Sie ihn dort, wo er nicht mehr gebraucht wird.",
    "This pass is on very many devices already, or this device has very many passes. Please remove it where it is "
    "not needed any more.",
)
UNLIKELY = "-" * 22
"""Compared where there is no pass, so that the answer takes as long."""


@dataclass(frozen=True)
class PassReference:
    """By what a phone names one of its passes."""

    pass_type: str
    serial_number: UUID
    token: str
    """The pass's own, which lies in it."""


@dataclass(frozen=True)
class Phones:
    """What Apple's web service calls, and the worker that pushes."""

    transactions: Transactions[Tables]
    apple: Packer
    push_service: PushService | None
    """None: nobody is pushed to; phones look by themselves now and then."""
    clock: Callable[[], datetime]
    backlog: Backlog
    seal: Seal | None = None

    async def register(self, device_id: DeviceId, shown: PassReference, push_token: PushToken) -> bool:
        """A phone wants to be told. Whether it is new.

        Raises:
            Forbidden: where there is no such pass or the token is another's: the answer is the same.
            Conflict: where the pass is on as many devices as it may be, or the device has as many passes.
        """
        now = self.clock()
        await self._check(shown)

        def step(tables: Tables) -> bool:
            tables.hold_passes([shown.serial_number])
            self.own(tables, shown)
            is_new = tables.register(device_key(device_id), shown.serial_number, push_token, now)
            if is_new is None:
                raise Conflict(FULL)
            return is_new

        return await self.transactions.write(step)

    async def unregister(self, device_id: DeviceId, shown: PassReference) -> None:
        """It does not want to be told any more; nothing where it never did.

        Raises:
            Forbidden: as above.
        """
        await self._check(shown)

        def step(tables: Tables) -> None:
            self.own(tables, shown)
            tables.unregister(device_key(device_id), shown.serial_number)

        await self.transactions.write(step)

    async def changed_since(self, device_id: DeviceId, pass_type: str, tag: int, brought: str = "") -> Changes:
        """Serial numbers of a device's passes that have changed after `tag`, and the tag of each change.

        Args:
            brought: what the device was given to carry.
        """
        if not self.apple.accepts(pass_type):
            return Changes([])
        return await PhoneChanges(self.transactions, self.seal, self.clock).since(device_key(device_id), tag, brought)

    def own(self, tables: Tables, shown: PassReference) -> StoredPass:
        """The pass whose token a phone shows.

        Raises:
            Forbidden: as above.
        """
        kept = tables.by_serial(shown.serial_number)
        right = UNLIKELY if kept is None else kept.wallet_pass.authentication_token
        is_right = hmac.compare_digest(right.encode(), shown.token.encode())
        if kept is None or not is_right or not self.apple.accepts(shown.pass_type):
            raise Forbidden(NOT_YOURS)
        return kept

    async def _check(self, shown: PassReference) -> None:
        """Before anything is to be written: who knows no token of ours shall not hold up those who write."""
        await self.transactions.read(lambda tables: self.own(tables, shown))

    async def push(self) -> int:
        """Tell the devices that are due. Returns how many; raises Unavailable where the push service does not answer.

        1. which are due
        2. tell them, many at once: a push says nothing but that there is news, so once too often does no harm
        3. note in one step whom it reached, and forget the devices that it does not know any more
        """
        service = self.push_service
        if service is None:
            return 0
        # 1.
        due = await self.transactions.read(lambda tables: tables.devices_due(BATCH, self.clock()))
        # 2.
        reached: list[Device] = []
        dead: list[Device] = []
        send = _sender(service, reached, dead)
        slots = asyncio.Semaphore(AT_ONCE)

        async def one(device: Device) -> None:
            async with slots:
                await self.backlog.each([device], lambda each: row_key(each.id), send)

        outcomes = await asyncio.gather(*(one(each) for each in due), return_exceptions=True)

        # 3.
        def step(tables: Tables) -> None:
            tables.note_pushed(reached, dead)

        if reached or dead:
            await self.transactions.write(step)
        for outcome in outcomes:
            if isinstance(outcome, BaseException):
                raise outcome
        return len(due)


def _sender(service: PushService, reached: list[Device], dead: list[Device]) -> Callable[[Device], Awaitable[None]]:
    async def send(device: Device) -> None:
        try:
            await service.push(device.push_token)
        except DeadPushToken as error:
            if error.since is not None and error.since < device.registered_at:
                raise  # it has named the token again since: this row is tried later
            dead.append(device)
        else:
            reached.append(device)

    return send
