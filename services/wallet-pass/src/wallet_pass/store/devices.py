"""Devices, which passes lie on them, and the tags by which changes are in order."""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from shared.bus import epochs
from shared.database.dialect import insert_of
from shared.runtime import backlog

from wallet_pass.domain.carried import CarriedRegistration
from wallet_pass.domain.devices import MOST_DEVICES, MOST_PASSES, Device, PushToken, next_tag
from wallet_pass.store.base import Tables
from wallet_pass.store.tables import COUNTER, DEVICES, PASSES, REGISTRATIONS
from wallet_pass.workflow import PUSHES

IS_THE_ROW = COUNTER.c.id == 1
"""The table has one."""
IS_DUE = "device.wanted > device.pushed"
_DUE = (
    sa.select(DEVICES)
    .where(sa.text(IS_DUE), backlog.may_be_tried(PUSHES, backlog.key_column(DEVICES.c.id)))
    .order_by(DEVICES.c.wanted)
    .limit(sa.bindparam("most"))
)


class DeviceTables(Tables):
    """Devices, in one session."""

    def register(
        self, device: UUID, serial_number: UUID, push_token: PushToken, now: datetime, *, carried: bool = False
    ) -> bool | None:
        """Whether it is new; None where the device or the pass has as many as it may.

        A device that names another push token is reached by that from now on. A pass that has changed since it was
        made is pushed once: the file that was added may be an old one, also over a newer one.

        Args:
            carried: the push token is of before a restore: a device that is known here has told its own since.
        """
        connection = self.session.connection()
        mine = REGISTRATIONS.c.device_id == device
        of_pass = REGISTRATIONS.c.serial_number == serial_number
        tag = self.take_tag(now)  # before all else: who registers at the same moment is counted too
        self._lock([device])
        is_new = connection.execute(sa.select(REGISTRATIONS.c.tag).where(mine, of_pass)).first() is None
        if is_new and (self._registered(mine) >= MOST_PASSES or self._registered(of_pass) >= MOST_DEVICES):
            return None
        kept = {"push_token": push_token, "registered_at": now}
        row = insert_of(self.session)(DEVICES).values(id=device, wanted=0, pushed=0, **kept)
        again = row.on_conflict_do_update(index_elements=["id"], set_=kept)
        connection.execute(row.on_conflict_do_nothing(index_elements=["id"]) if carried else again)
        mark = insert_of(self.session)(REGISTRATIONS).values(device_id=device, serial_number=serial_number, tag=tag)
        connection.execute(mark.on_conflict_do_update(index_elements=["device_id", "serial_number"], set_={"tag": tag}))
        changed = sa.exists().where(PASSES.c.serial_number == serial_number, PASSES.c.update_tag > 0)
        due = DEVICES.update().where(DEVICES.c.id == device, changed)
        connection.execute(due.values(wanted=tag, wanted_at=now))
        self._forget_pushes([device])
        return is_new

    def hold_passes(self, serial_numbers: Collection[UUID]) -> None:
        """Until the end of the transaction nobody erases them; who changes them does not wait for that. In the order in
        which an erasure locks them."""
        chosen = sa.select(PASSES.c.token).where(PASSES.c.serial_number.in_(serial_numbers)).order_by(PASSES.c.token)
        self.session.connection().execute(chosen.with_for_update(read=True, key_share=True)).all()

    def unregister(self, device: UUID, serial_number: UUID) -> None:
        """A device without passes is forgotten."""
        self._lock([device])
        mine = REGISTRATIONS.c.device_id == device, REGISTRATIONS.c.serial_number == serial_number
        self.session.connection().execute(REGISTRATIONS.delete().where(*mine))
        self.forget_devices_without_passes([device])

    def changed_since(self, device: UUID, tag: int) -> Sequence[tuple[UUID, int]]:
        """Serial numbers and tags of its passes that have changed after `tag`, the oldest change first. A pass counts
        as changed when it was registered: which version the phone has, nobody knows."""
        newest = sa.case((PASSES.c.update_tag > REGISTRATIONS.c.tag, PASSES.c.update_tag), else_=REGISTRATIONS.c.tag)
        query = (
            sa.select(PASSES.c.serial_number, newest.label("newest"))
            .join(REGISTRATIONS, REGISTRATIONS.c.serial_number == PASSES.c.serial_number)
            .where(REGISTRATIONS.c.device_id == device, newest > tag)
            .order_by(sa.text("newest"))
        )
        return [(row.serial_number, row.newest) for row in self.session.connection().execute(query)]

    def registered(self, device: UUID) -> CarriedRegistration | None:
        """How it is reached and which passes it has, the newest first; None: it is not known."""
        connection = self.session.connection()
        push_token = connection.execute(sa.select(DEVICES.c.push_token).where(DEVICES.c.id == device)).scalar()
        if push_token is None:
            return None
        mine = sa.select(REGISTRATIONS.c.serial_number).where(REGISTRATIONS.c.device_id == device)
        ids = connection.execute(mine.order_by(REGISTRATIONS.c.tag.desc())).scalars().all()
        return CarriedRegistration(epochs.epoch_of(self.session), PushToken(push_token), ids)

    def missing_of(self, device: UUID, carried: CarriedRegistration) -> Sequence[UUID]:
        """Of what a phone brings from a database of an earlier epoch, the passes that are here and of which it is not
        known here that it has them. Nothing of a database of this epoch: what is missing then was taken away."""
        if carried.epoch >= epochs.epoch_of(self.session):
            return []
        has = sa.exists().where(
            REGISTRATIONS.c.device_id == device, REGISTRATIONS.c.serial_number == PASSES.c.serial_number
        )
        query = sa.select(PASSES.c.serial_number).where(PASSES.c.serial_number.in_(carried.serial_numbers), ~has)
        return list(self.session.connection().execute(query.order_by(PASSES.c.serial_number)).scalars())

    def has_epoch_risen(self) -> bool:
        """Whether an older copy of this database was put in its place since this was asked last."""
        epoch = epochs.epoch_of(self.session)
        risen = COUNTER.update().where(IS_THE_ROW, COUNTER.c.epoch < epoch).values(epoch=epoch)
        return self.session.connection().execute(risen).rowcount > 0

    def take_tag(self, now: datetime) -> int:
        """The next one. Who has taken it holds up the others until the end of the transaction: so no tag is seen before
        a smaller one."""
        connection = self.session.connection()
        before: int = connection.execute(sa.select(COUNTER.c.tag).where(IS_THE_ROW).with_for_update()).scalar_one()
        tag = next_tag(before, now)
        connection.execute(COUNTER.update().where(IS_THE_ROW).values(tag=tag))
        return tag

    def want_pushes(self, serial_numbers: Collection[UUID], tag: int, now: datetime) -> None:
        """Every device with one of these passes is to be told of a change."""
        devices = self.devices_of(serial_numbers)
        self._lock(devices)
        due = DEVICES.update().where(DEVICES.c.id.in_(devices)).values(wanted=tag, wanted_at=now)
        self.session.connection().execute(due)

    def devices_due(self, limit: int, now: datetime) -> Sequence[Device]:
        """Those that wait the longest first; without those that failed and whose next try is later than `now`."""
        rows = self.session.connection().execute(_DUE, {"most": limit, "now": now})
        return [Device(row.id, PushToken(row.push_token), row.registered_at, row.wanted) for row in rows]

    def note_pushed(self, reached: Sequence[Device], dead: Sequence[Device] = ()) -> None:
        """Whom a push has reached, up to the change that was wanted when they were read: what has changed since is
        still due. Of the dead ones Apple does not know the push token any more; nothing happens to those that have
        named another since."""
        connection = self.session.connection()
        self._lock([each.id for each in (*reached, *dead)])
        for each in reached:
            connection.execute(DEVICES.update().where(DEVICES.c.id == each.id).values(pushed=each.wanted))
        for each in dead:
            mine = DEVICES.c.id == each.id, DEVICES.c.push_token == each.push_token
            connection.execute(DEVICES.delete().where(*mine))
        self._forget_pushes([each.id for each in dead])

    def devices_of(self, serial_numbers: Collection[UUID]) -> list[UUID]:
        """That have any of these passes."""
        query = sa.select(REGISTRATIONS.c.device_id).where(REGISTRATIONS.c.serial_number.in_(serial_numbers))
        return list(self.session.connection().execute(query.distinct()).scalars())

    def forget_devices_without_passes(self, among: Collection[UUID]) -> None:
        """Nothing reaches them here any more. Their rows are locked before it is asked whether they have passes: who
        registers another one at this moment waits, or is seen."""
        self._lock(among)
        has_passes = sa.exists().where(REGISTRATIONS.c.device_id == DEVICES.c.id)
        self.session.connection().execute(DEVICES.delete().where(DEVICES.c.id.in_(among), ~has_passes))
        gone = sa.select(DEVICES.c.id).where(DEVICES.c.id.in_(among))
        there = set(self.session.connection().execute(gone).scalars())
        self._forget_pushes([each for each in among if each not in there])

    def _lock(self, devices: Collection[UUID]) -> None:
        """Whoever changes devices locks their rows first, in the order of their ids: so nobody waits in a circle. In
        the same manner a pass is locked before its devices, and a device before its registrations."""
        chosen = sa.select(DEVICES.c.id).where(DEVICES.c.id.in_(devices)).order_by(DEVICES.c.id)
        self.session.connection().execute(chosen.with_for_update()).all()

    def _forget_pushes(self, devices: Collection[UUID]) -> None:
        backlog.forget(self.session, PUSHES, [backlog.row_key(each) for each in devices])

    def _registered(self, condition: sa.ColumnElement[bool]) -> int:
        query = sa.select(sa.func.count()).select_from(REGISTRATIONS).where(condition)
        return int(self.session.connection().execute(query).scalar_one())
