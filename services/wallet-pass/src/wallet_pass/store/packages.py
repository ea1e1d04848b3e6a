"""What was signed: kept for several passes in one transaction, with one tag."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from shared.database import contents

from wallet_pass.domain.passes import Pass
from wallet_pass.store.devices import DeviceTables
from wallet_pass.store.tables import PACKAGE, PASSES

_STILL_DUE = (
    sa.select(PASSES.c.token, PASSES.c.changed_at)
    .where(PASSES.c.token.in_(sa.bindparam("tokens", expanding=True)), PASSES.c.package_due)
    .order_by(PASSES.c.token)
    .with_for_update(key_share=True, skip_locked=True)
)
"""Rows that somebody changes at this moment are due again anyway: nobody is waited for, so none waits in a circle.
Without holding up who registers a phone, which looks at the row by its key."""
_KEEP = (
    PASSES.update()
    .where(PASSES.c.token == sa.bindparam("of"))
    .values(
        package_digest=sa.bindparam("digest"),
        package_due=False,
        update_tag=sa.bindparam("tag"),
        turns_at=sa.bindparam("turns"),
    )
)


class PackageTables(DeviceTables):
    """Packages, in one session."""

    def keep_packages(self, made: Sequence[tuple[Pass, bytes]], now: datetime) -> None:
        """Nothing happens to a pass that has changed since it was read: it is still due then, and so are its devices.

        The tag is taken after the passes' own rows. They share it: what is committed together, phones see together.
        """
        connection, tokens = self.session.connection(), [wallet_pass.token for wallet_pass, _ in made]
        unchanged = {row.token: row.changed_at for row in connection.execute(_STILL_DUE, {"tokens": tokens})}
        kept = [each for each in made if unchanged.get(each[0].token) == each[0].changed_at]
        if not kept:
            return
        digests = [contents.put(self.session, PACKAGE, package) for _, package in kept]
        tag = self.take_tag(now)
        rows = [
            {"of": wallet_pass.token, "digest": digest, "tag": tag, "turns": wallet_pass.turns_at(now)}
            for (wallet_pass, _), digest in zip(kept, digests, strict=True)
        ]
        connection.execute(_KEEP, rows)
        self.want_pushes([UUID(wallet_pass.serial_number) for wallet_pass, _ in kept], tag, now)
