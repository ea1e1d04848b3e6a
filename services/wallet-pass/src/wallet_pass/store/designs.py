"""Designs of authorities; a new one has all their passes made anew, spread over time."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from shared.audit import trail
from shared.database import contents
from shared.errors import Text
from shared.row_security.asking import within_as

from wallet_pass.domain.acts import PassAct
from wallet_pass.domain.designs import DEFAULT_DESIGN, Colour, Design
from wallet_pass.domain.pictures import Picture, PictureKind
from wallet_pass.store import design_words
from wallet_pass.store.on_record import DESIGN
from wallet_pass.store.remakes import RemakeTables
from wallet_pass.store.tables import DESIGNS, PICTURE, DesignRow

ALONE = sa.text("SELECT pg_advisory_xact_lock(hashtextextended('designs', 0))")
MOST_PICTURES = 500
"""In memory: some megabytes."""
_PICTURES = dict[str, Picture]()


class DesignTables(RemakeTables):
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
            **design_words.read_words(row.wording),
            pictures={kind: self._picture(digest) for kind, digest in digests.items() if digest is not None},
        )

    def _picture(self, digest: str) -> Picture:
        """Read once: what its digest names never changes."""
        found = _PICTURES.get(digest)
        if found is None:
            if len(_PICTURES) >= MOST_PICTURES:
                _PICTURES.clear()
            png = contents.get(self.session, PICTURE, digest)
            if png is None:
                raise LookupError(f"the picture {digest} of a design is not there, or not what was kept")
            found = _PICTURES[digest] = Picture(digest, *png_size(png), png)
        return found

    def set_design(
        self, authority_id: str, design: Design, now: datetime, by: str = "command", organisation_id: int | None = None
    ) -> int:
        """Keep the design and have all passes that it changes made anew. Returns how many; 0 where it is the same.

        Args:
            by: who chose it.
            organisation_id: for the tickets of one operator; None: of all that have none of their own.
        """
        self._change_alone()
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
                wording=design_words.write_words(design),
                **{kind: pictures.get(kind) for kind in PictureKind},
            )
        )
        self._note_design(authority_id, organisation_id, by, now)
        return self.order_remakes(id_of(authority_id, organisation_id), now) if before != design else 0

    def drop_design(self, authority_id: str, organisation_id: int | None, now: datetime, by: str) -> int:
        """Passes look again as without it. Returns how many are made anew; 0 where there was none."""
        self._change_alone()
        before = self.own_design(authority_id, organisation_id)
        if before is None:
            return 0
        design_id = id_of(authority_id, organisation_id)
        self.session.connection().execute(DESIGNS.delete().where(DESIGNS.c.id == design_id))
        self._note_design(authority_id, organisation_id, by, now)
        same = before == self.design(authority_id, organisation_id)
        return 0 if same else self.order_remakes(design_id, now)

    def _change_alone(self) -> None:
        """Until the transaction ends nobody else changes a design: a picture that two authorities have would go with
        the one's old design while the other's new one names it. SQLite has one writer in any case."""
        if self.session.get_bind().dialect.name == "postgresql":
            self.session.connection().execute(ALONE)

    def _note_design(self, authority_id: str, organisation_id: int | None, by: str, now: datetime) -> None:
        trail.note(self.session, chain=authority_id, by=by, act=PassAct.DESIGN_SET, at=now)
        trail.keep(self.session, DESIGN, id_of(authority_id, organisation_id))
        self.session.flush()
        named = [DESIGNS.c.logo, DESIGNS.c.icon, DESIGNS.c.thumbnail]
        is_named = sa.exists().where(sa.or_(*(column == PICTURE.c.digest for column in named)))
        with within_as(self.session, "designs"):  # a picture is nobody's own: two authorities may have sent the same
            self.session.connection().execute(PICTURE.delete().where(~is_named))


def id_of(authority_id: str, organisation_id: int | None) -> str:
    """Of a design; no authority's id has a slash."""
    return authority_id if organisation_id is None else f"{authority_id}/{organisation_id}"


def png_size(png: bytes) -> tuple[int, int]:
    """Width and height of a PNG, in pixels: they stand in its first part."""
    width, height = (int.from_bytes(png[at : at + 4], "big") for at in (16, 20))
    return width, height
