"""How many wallets at Google hold a pass, and which callbacks were heard."""

from datetime import datetime
from hashlib import sha256
from uuid import UUID

from shared.database.dialect import insert_of

from wallet_pass.domain.callbacks import Callback, CallbackKind
from wallet_pass.store.base import Tables
from wallet_pass.store.tables import CALLBACKS, WALLETS

_COUNTED = {CallbackKind.SAVE: WALLETS.c.saves, CallbackKind.DELETE: WALLETS.c.deletes}


class CallbackTables(Tables):
    """Callbacks, in one session."""

    def hear_callback(self, callback: Callback, now: datetime) -> bool:
        """False where it was heard before. What would be refused by its time is not remembered any longer."""
        connection = self.session.connection()
        connection.execute(CALLBACKS.delete().where(CALLBACKS.c.expires_at <= now))
        digest = sha256(callback.nonce.encode()).hexdigest()
        row = insert_of(self.session)(CALLBACKS).values(nonce_digest=digest, expires_at=callback.expires_at)
        new = row.on_conflict_do_nothing(index_elements=["nonce_digest"]).returning(CALLBACKS.c.nonce_digest)
        return connection.execute(new).first() is not None

    def count_callback(self, serial_number: UUID, kind: CallbackKind, now: datetime) -> None:
        """One wallet more, or less, holds the pass; in whichever order the two come."""
        counted = _COUNTED[kind]
        first = {"saves": 0, "deletes": 0, counted.name: 1, "counted_at": now}
        row = insert_of(self.session)(WALLETS).values(serial_number=serial_number, **first)
        again = {counted.name: counted + 1, "counted_at": now}
        self.session.connection().execute(row.on_conflict_do_update(index_elements=["serial_number"], set_=again))
