"""Designs of authorities; a new one has all their passes made anew, spread over time."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from shared.audit import trail
from shared.database import contents
from shared.errors import Text

from wallet_pass.domain.acts import PassAct
from wallet_pass.domain.designs import DEFAULT_DESIGN, Colour, Design
from wallet_pass.domain.passes import GOOGLE_STATES, GoogleState, next_change
from wallet_pass.domain.pictures import Picture, PictureKind
from wallet_pass.store import design_words
from wallet_pass.store.base import Tables
from wallet_pass.store.on_record import DESIGN
from wallet_pass.store.tables import DESIGNS, KEY, PACKAGE, PASSES, PICTURE, REMAKES, DesignRow

ALL = "*"
"""No authority has such an id."""
MOST_PICTURES = 500
"""In memory: some megabytes."""
_PICTURES = dict[str, Picture]()
REMADE = (PASSES.c.token, PASSES.c.changed_at, PASSES.c.package_digest, PASSES.c.google)


class DesignTables(Tables):
    """Designs, in one session."""

    def design(self, authority_id: str, organisation_id: int | None = None) -> Design:
        """What counts for this operator: the authority's design for it, or its design for all, or DEFAULT_DESIGN."""
        found = self._design(id_of(authority_id, organisation_id))
        if found is None and organisation_id is not None:
            found = self._design(id_of(authority_id, None))
        return found or DEFAULT_DESIGN

    def own_design(self, authority_id: str, organisation_id: int | None) -> Design | None:
        """Exactly this one; None where none was chosen."""
        return self._design(id_of(authority_id, organisation_id))

    def operators_with_design(self, authority_id: str) -> Sequence[int]:
        """Operators for which the authority has a design of their own."""
        query = sa.select(DESIGNS.c.organisation_id).where(
            DESIGNS.c.authority_id == authority_id, DESIGNS.c.organisation_id.is_not(None)
        )
        return list(self.session.connection().execute(query.order_by(DESIGNS.c.organisation_id)).scalars())

    def _design(self, design_id: str) -> Design | None:
        row = self.session.connection().execute(DESIGNS.select().where(DESIGNS.c.id == design_id)).first()
        if row is None:
            return None
        digests = {kind: getattr(row, kind) for kind in PictureKind}
        return Design(
            Text(row.issuer_de, row.issuer_en),
            Colour.from_hex(row.background),
            Colour.from_hex(row.foreground),
            Colour.from_hex(row.label),
            **design_words.read(row.wording),
            pictures={kind: self._picture(digest) for kind, digest in digests.items() if digest is not None},
        )

    def _picture(self, digest: str) -> Picture:
        """Read once: what its digest names never changes."""
        if digest not in _PICTURES:
            if len(_PICTURES) >= MOST_PICTURES:
                _PICTURES.clear()
            png = contents.get(self.session, PICTURE, digest)
            if png is None:
                raise LookupError(f"the picture {digest} of a design is not there, or not what was kept")
            _PICTURES[digest] = Picture(digest, *png_size(png), png)
        return _PICTURES[digest]

    def set_design(
        self, authority_id: str, design: Design, now: datetime, by: str = "command", organisation_id: int | None = None
    ) -> int:
        """Keep the design and have all passes that it changes made anew. Returns how many; 0 where it is the same.

        Args:
            by: who chose it.
            organisation_id: for the tickets of one operator; None: of all that have none of their own.
        """
        before = self.design(authority_id, organisation_id)
        if self.own_design(authority_id, organisation_id) == design:
            return 0
        pictures = {kind: contents.put(self.session, PICTURE, each.png) for kind, each in design.pictures.items()}
        self.session.merge(
            DesignRow(
                id=id_of(authority_id, organisation_id),
                authority_id=authority_id,
                organisation_id=organisation_id,
                issuer_de=design.issuer.de,
                issuer_en=design.issuer.en,
                background=design.background.hex,
                foreground=design.foreground.hex,
                label=design.label.hex,
                wording=design_words.written(design),
                **{kind: pictures.get(kind) for kind in PictureKind},
            )
        )
        self._note_design(authority_id, organisation_id, by, now)
        return self.order_remakes(id_of(authority_id, organisation_id), now) if before != design else 0

    def drop_design(self, authority_id: str, organisation_id: int | None, now: datetime, by: str) -> int:
        """Passes look again as without it. Returns how many are made anew; 0 where there was none."""
        before = self.own_design(authority_id, organisation_id)
        if before is None:
            return 0
        design_id = id_of(authority_id, organisation_id)
        self.session.connection().execute(DESIGNS.delete().where(DESIGNS.c.id == design_id))
        self._note_design(authority_id, organisation_id, by, now)
        same = before == self.design(authority_id, organisation_id)
        return 0 if same else self.order_remakes(design_id, now)

    def _note_design(self, authority_id: str, organisation_id: int | None, by: str, now: datetime) -> None:
        trail.note(self.session, chain=authority_id, by=by, act=PassAct.DESIGN_SET, at=now)
        trail.keep(self.session, DESIGN, id_of(authority_id, organisation_id))
        self.session.flush()
        named = [DESIGNS.c.logo, DESIGNS.c.icon, DESIGNS.c.thumbnail]
        is_named = sa.exists().where(sa.or_(*(column == PICTURE.c.digest for column in named)))
        self.session.connection().execute(PICTURE.delete().where(~is_named))

    def order_remakes(self, design_id: str | None, now: datetime) -> int:
        """Have all passes of a design made anew, spread over time; an order that stands begins again. Returns how many
        there are.

        Args:
            design_id: None: all passes.
        """
        connection, of = self.session.connection(), design_id or ALL
        connection.execute(REMAKES.delete().where(REMAKES.c.of == of))
        connection.execute(REMAKES.insert().values(of=of, after="", asked_at=now))
        count = sa.select(sa.func.count()).select_from(PASSES)
        return int(connection.execute(count.where(_mine(of))).scalar_one())

    def take_remakes(self, most: int, now: datetime) -> int:
        """Make the next passes due, those of the oldest order first. Returns how many."""
        connection = self.session.connection()
        order = connection.execute(sa.select(REMAKES).order_by(REMAKES.c.asked_at, REMAKES.c.of).limit(1)).first()
        if order is None:
            return 0
        chosen = sa.select(*REMADE).where(_mine(order.of), PASSES.c.token > order.after)
        rows = connection.execute(chosen.order_by(PASSES.c.token).limit(most)).all()
        self._make_due(rows, now)
        mine = REMAKES.c.of == order.of
        if len(rows) < most:
            connection.execute(REMAKES.delete().where(mine))
        else:
            connection.execute(REMAKES.update().where(mine).values(after=rows[-1].token))
        return len(rows)

    def take_turns(self, most: int, now: datetime) -> int:
        """Make due whose state has changed of itself: its front says another thing. Returns how many."""
        turned = sa.select(*REMADE).where(PASSES.c.turns_at <= now).order_by(PASSES.c.turns_at).limit(most)
        rows = self.session.connection().execute(turned).all()
        self._make_due(rows, now)
        return len(rows)

    def _make_due(self, rows: Sequence[Any], now: datetime) -> None:
        connection = self.session.connection()
        for row in rows:
            google = GOOGLE_STATES.move(GoogleState(row.google), GoogleState.DUE)
            made_due = {"package_digest": None, "package_due": True, "google": google, "turns_at": None}
            changed_at = next_change(row.changed_at, now)
            connection.execute(
                PASSES.update().where(PASSES.c.token == row.token).values(changed_at=changed_at, **made_due)
            )
        contents.drop_unused(self.session, PACKAGE, PASSES.c.package_digest, [row.package_digest for row in rows])
        self._forget_failures(sa.select(KEY).where(PASSES.c.token.in_([row.token for row in rows])))


def id_of(authority_id: str, organisation_id: int | None) -> str:
    """Of a design; no authority's id has a slash."""
    return authority_id if organisation_id is None else f"{authority_id}/{organisation_id}"


def png_size(png: bytes) -> tuple[int, int]:
    """Width and height of a PNG, in pixels: they stand in its first part."""
    width, height = (int.from_bytes(png[at : at + 4], "big") for at in (16, 20))
    return width, height


def _mine(of: str) -> sa.ColumnElement[bool]:
    """The passes of a design; an authority's for all operators leaves out those that have one of their own."""
    if of == ALL:
        return sa.true()
    authority_id, _, organisation_id = of.partition("/")
    of_authority = PASSES.c.authority_id == authority_id
    if organisation_id:
        return sa.and_(of_authority, PASSES.c.organisation_id == int(organisation_id))
    others = sa.select(DESIGNS.c.organisation_id).where(
        DESIGNS.c.authority_id == authority_id, DESIGNS.c.organisation_id.is_not(None)
    )
    return sa.and_(of_authority, PASSES.c.organisation_id.not_in(others))
