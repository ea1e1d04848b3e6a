"""Rule sets of authorities, and what each version that ever decided holds."""

import json
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, cast
from uuid import UUID

import sqlalchemy as sa
from shared.database.dialect import insert_of
from shared.errors import NotFound, Text
from shared.events import AuthorityId

from eligibility.domain.decision import Decision
from eligibility.domain.transitions import RULE_SET_STATES, RuleSetState
from eligibility.rules.rule_set.content import RuleSetContent
from eligibility.store.base import Tables, from_text, to_text
from eligibility.store.decision.decisions import decision_from
from eligibility.store.on_record import RULE_SETS
from eligibility.store.rule_sets.tables import ARCHIVE, RULE_SET
from eligibility.store.tables import DECISION
from eligibility.workflow.decision.self_payer import FAMILY
from eligibility.workflow.rule_sets.rule_set_versions import RuleSetId, RuleSetVersion

IN_FORCE = (
    sa.select(RULE_SET.c.rules_version, RULE_SET.c.content)
    .where(
        RULE_SET.c.authority_id == sa.bindparam("of"),
        RULE_SET.c.state == "published",
        RULE_SET.c.in_force_from <= sa.bindparam("day"),
    )
    .order_by(RULE_SET.c.in_force_from.desc(), RULE_SET.c.published_at.desc())
    .limit(1)
)


class RuleSetTables(Tables):
    def rule_set(self, rule_set_id: RuleSetId, *, lock: bool = False) -> RuleSetVersion | None:
        """The version of this id, of whatever authority; None: there is none. `lock` keeps it until the transaction
        ends (PostgreSQL; SQLite has one writer anyway)."""
        chosen = sa.select(RULE_SET).where(RULE_SET.c.id == str(rule_set_id))
        row = self.one(chosen.with_for_update() if lock else chosen)
        return None if row is None else _version(row)

    def rule_sets(self, authority_id: AuthorityId | None) -> Sequence[RuleSetVersion]:
        """Of an authority, newest first; None: the published ones of all, last published first."""
        chosen = sa.select(RULE_SET)
        if authority_id is None:
            chosen = chosen.where(RULE_SET.c.state == "published").order_by(
                RULE_SET.c.published_at.desc(), RULE_SET.c.id
            )
        else:
            chosen = chosen.where(RULE_SET.c.authority_id == authority_id)
            chosen = chosen.order_by(RULE_SET.c.created_at.desc(), RULE_SET.c.id)
        return [_version(row) for row in self.rows(chosen)]

    def put_rule_set(self, version: RuleSetVersion) -> None:
        """Keep a version, or replace the draft that it was.

        Raises:
            Conflict: where its state may not follow.
        """
        known = self.rule_set(version.id, lock=True)
        RULE_SET_STATES.check(None if known is None else known.state, version.state)
        self.upsert(RULE_SET, ["id"], [_row(version)])
        self.on_record(RULE_SETS, str(version.id))

    def in_force(self, authority_id: AuthorityId, day: date) -> tuple[str, str] | None:
        """Version and content of what an authority published last, of all that is in force on that day."""
        row = self.one(IN_FORCE, of=authority_id, day=day)
        return None if row is None else (row["rules_version"], row["content"])

    def archive(self, rules_version: str, content: RuleSetContent, now: datetime) -> None:
        """Keep what a version holds, once and for good: its name bears the hash of it. Two copies of this service that
        start for the first time keep the same."""
        if self.archived(rules_version) is None:
            put = insert_of(self.session)(ARCHIVE).on_conflict_do_nothing()
            self.run(put, {"rules_version": rules_version, "content": to_text(content), "kept_at": now})

    def archived(self, rules_version: str) -> str | None:
        """The content as JSON."""
        row = self.one(sa.select(ARCHIVE.c.content).where(ARCHIVE.c.rules_version == rules_version))
        return None if row is None else str(row["content"])

    def kept_decision(self, decision_id: str) -> Decision:
        """Raises NotFound."""
        row = self.one(sa.select(DECISION).where(DECISION.c.id == decision_id))
        if row is None:
            raise NotFound(Text("Diese Entscheidung gibt es hier nicht.", "There is no such decision here."))
        return decision_from(row)

    def kept_decisions(self, after: str, limit: int) -> list[Decision]:
        """In order of their ids, those after `after` ("" for the first)."""
        chosen = sa.select(DECISION).where(DECISION.c.id > after).order_by(DECISION.c.id).limit(limit)
        return [decision_from(row) for row in self.rows(chosen)]

    def decided_facts(self, authority_id: AuthorityId, limit: int) -> list[tuple[str, str]]:
        """Ids and facts of past decisions, newest first. Facts that were erased are left out, and tickets that a family
        bought itself: they rest on the facts of the refusal beside them."""
        mine = (
            (DECISION.c.authority_id == authority_id) & (DECISION.c.facts != "{}") & (DECISION.c.decided_by != FAMILY)
        )
        chosen = sa.select(DECISION.c.id, DECISION.c.facts).where(mine)
        return [
            (row["id"], row["facts"]) for row in self.rows(chosen.order_by(DECISION.c.prepared_at.desc()).limit(limit))
        ]


def _row(version: RuleSetVersion) -> dict[str, Any]:
    return {
        "id": str(version.id),
        "authority_id": version.authority_id,
        "name": version.name,
        "state": version.state,
        "rules_version": version.rules_version,
        "text": version.text,
        "content": to_text(version.content),
        "origin": version.origin,
        "editors": to_text(version.editors),
        "created_at": version.created_at,
        "changed_at": version.changed_at,
        "published_by": version.published_by,
        "published_at": version.published_at,
        "in_force_from": version.in_force_from,
    }


def _version(row: sa.RowMapping) -> RuleSetVersion:
    return RuleSetVersion(
        id=RuleSetId(UUID(row["id"])),
        authority_id=row["authority_id"],
        name=row["name"],
        state=cast(RuleSetState, row["state"]),
        rules_version=row["rules_version"],
        text=row["text"],
        content=json.loads(row["content"]),
        origin=row["origin"],
        editors=tuple(from_text(row["editors"])),
        created_at=row["created_at"],
        changed_at=row["changed_at"],
        published_by=row["published_by"],
        published_at=row["published_at"],
        in_force_from=row["in_force_from"],
    )
