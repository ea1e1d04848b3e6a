"""What authorities add to the form of an application. A published row never changes."""

from collections.abc import Sequence
from typing import Any, cast
from uuid import UUID

import sqlalchemy as sa
from shared.events import AuthorityId
from shared.events.own_form import OwnForm

from eligibility.domain.transitions import OWN_FORM_STATES, OwnFormState
from eligibility.store.base import Tables, from_text, to_text
from eligibility.store.on_record import OWN_FORMS
from eligibility.store.rule_sets.tables import OWN_FORM
from eligibility.store.tables import AUTHORITY
from eligibility.workflow.rule_sets.own_form_versions import OwnFormId, OwnFormVersion

PUBLISHED = sa.select(OWN_FORM).where(OWN_FORM.c.state == "published")


class OwnFormTables(Tables):
    def own_form(self, form_id: OwnFormId, *, lock: bool = False) -> OwnFormVersion | None:
        """The version of this id, of whatever authority; None: there is none. `lock` keeps it until the transaction
        ends (PostgreSQL; SQLite has one writer anyway)."""
        chosen = sa.select(OWN_FORM).where(OWN_FORM.c.id == str(form_id))
        row = self.one(chosen.with_for_update() if lock else chosen)
        return None if row is None else _version(row)

    def own_forms(self, authority_id: AuthorityId) -> Sequence[OwnFormVersion]:
        """Of an authority, newest first."""
        chosen = sa.select(OWN_FORM).where(OWN_FORM.c.authority_id == authority_id)
        return [_version(row) for row in self.rows(chosen.order_by(OWN_FORM.c.created_at.desc(), OWN_FORM.c.id))]

    def latest_own_form(self, authority_id: AuthorityId, *, lock: bool = False) -> OwnFormVersion | None:
        """The published one with the highest version; None: it has published none.

        Args:
            lock: of two that are published at once the second waits here, by its authority's row, and sees the first.
        """
        if lock:
            self.one(sa.select(AUTHORITY.c.id).where(AUTHORITY.c.id == authority_id).with_for_update())
        chosen = PUBLISHED.where(OWN_FORM.c.authority_id == authority_id).order_by(OWN_FORM.c.version.desc()).limit(1)
        row = self.one(chosen)
        return None if row is None else _version(row)

    def published_own_forms(self) -> Sequence[OwnFormVersion]:
        """Of all authorities, by authority and version."""
        return [_version(row) for row in self.rows(PUBLISHED.order_by(OWN_FORM.c.authority_id, OWN_FORM.c.version))]

    def put_own_form(self, version: OwnFormVersion) -> None:
        """Keep a version, or replace the draft that it was.

        Raises:
            Conflict: where its state may not follow.
        """
        known = self.own_form(version.id, lock=True)
        OWN_FORM_STATES.check(None if known is None else known.state, version.state)
        self.upsert(OWN_FORM, ["id"], [_row(version)])
        self.on_record(OWN_FORMS, str(version.id))


def _row(version: OwnFormVersion) -> dict[str, Any]:
    return {
        "id": str(version.id),
        "authority_id": version.authority_id,
        "state": version.state,
        "version": version.version,
        "text": version.text,
        "content": to_text(version.content.model_dump(mode="json")),
        "taken_over_from": version.taken_over_from,
        "editors": to_text(version.editors),
        "created_at": version.created_at,
        "changed_at": version.changed_at,
        "published_by": version.published_by,
        "published_at": version.published_at,
        "valid_from": version.valid_from,
    }


def _version(row: sa.RowMapping) -> OwnFormVersion:
    return OwnFormVersion(
        id=OwnFormId(UUID(row["id"])),
        authority_id=row["authority_id"],
        state=cast(OwnFormState, row["state"]),
        version=row["version"],
        text=row["text"],
        content=OwnForm.model_validate_json(row["content"]),
        taken_over_from=row["taken_over_from"],
        editors=tuple(from_text(row["editors"])),
        created_at=row["created_at"],
        changed_at=row["changed_at"],
        published_by=row["published_by"],
        published_at=row["published_at"],
        valid_from=row["valid_from"],
    )
