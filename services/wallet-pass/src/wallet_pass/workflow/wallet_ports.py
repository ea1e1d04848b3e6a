"""What is kept of phones and wallets that hold passes: ports of the tables."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Protocol
from uuid import UUID

from wallet_pass.domain.callbacks import Callback, CallbackKind
from wallet_pass.domain.carried import CarriedRegistration
from wallet_pass.domain.devices import Device, PushToken


class Devices(Protocol):
    """Which devices have which passes, inside one transaction."""

    def hold_passes(self, serial_numbers: Collection[UUID]) -> None:
        """Nobody erases them until the end of the transaction."""

    def register(
        self, device: UUID, serial_number: UUID, push_token: PushToken, now: datetime, *, carried: bool = False
    ) -> bool | None:
        """Whether it is new; None where the device or the pass has as many as it may.

        Args:
            carried: a device that is known keeps its push token.
        """
        ...

    def unregister(self, device: UUID, serial_number: UUID) -> None:
        """A device without passes is forgotten."""

    def changed_since(self, device: UUID, tag: int) -> Sequence[tuple[UUID, int]]:
        """Serial numbers of its passes that have changed after `tag`, and the tag of each change, in order."""
        ...

    def registered(self, device: UUID) -> CarriedRegistration | None:
        """How it is reached and which passes it has; None: it is not known."""

    def missing_of(self, device: UUID, carried: CarriedRegistration) -> Sequence[UUID]:
        """Of what a phone brings from a database of an earlier epoch, the passes that are here and of which it is not
        known here that it has them."""
        ...

    def has_epoch_risen(self) -> bool:
        """Whether an older copy of this database was put in its place since this was asked last."""
        ...

    def devices_due(self, limit: int, now: datetime) -> Sequence[Device]:
        """Devices that do not know yet of a change, but those that failed and wait for their next try."""
        ...

    def note_pushed(self, reached: Sequence[Device], dead: Sequence[Device] = ()) -> None:
        """Those were told of what was wanted when they were read; Apple does not know these any more, unless they have
        named another push token since."""


class Callbacks(Protocol):
    """What Google told of passes in wallets, inside one transaction."""

    def hear_callback(self, callback: Callback, now: datetime) -> bool:
        """False where it was heard before."""
        ...

    def count_callback(self, serial_number: UUID, kind: CallbackKind, now: datetime) -> None:
        """One wallet more, or less, holds the pass."""
