"""Decisions and their notices."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, cast
from uuid import UUID

import sqlalchemy as sa
from pydantic import TypeAdapter
from shared.bus import epochs
from shared.database import contents
from shared.errors import Text, Unavailable
from shared.events import AuthorityId

from eligibility.domain.decision import Because, Decision, DecisionState, FinalOutcome
from eligibility.domain.ids import CaseId, DecisionId, NoticeToken
from eligibility.domain.seal import SEAL_STATES, SealState
from eligibility.domain.terms import Terms
from eligibility.domain.transitions import DECISION_STATES
from eligibility.notice.notice import Notice
from eligibility.store.base import Tables, from_text, to_text
from eligibility.store.decision.notices import NOTICE_BY_TOKEN, TO_PRINT, NoticeToPrint, StoredNotice
from eligibility.store.on_record import DECISIONS, NOTICES
from eligibility.store.tables import CASE, DECISION, NOTICE, PDF

TERMS = TypeAdapter(Terms)
NOT_DROPPED = DECISION.c.withdrawn_at.is_(None) | DECISION.c.released_at.is_not(None)
DECISIONS_OF_CASE = sa.select(DECISION).where(DECISION.c.case_id == sa.bindparam("case")).order_by(DECISION.c.round)
NEWEST_OF_CASE = (
    sa.select(DECISION)
    .where(DECISION.c.case_id == sa.bindparam("case"), NOT_DROPPED)
    .order_by(DECISION.c.round.desc())
    .limit(1)
)
ADD_DECISION = DECISION.insert().inline()
ADD_NOTICE = NOTICE.insert().inline()
IS_IN: Mapping[DecisionState, sa.ColumnElement[bool]] = {
    "prepared": DECISION.c.released_at.is_(None) & DECISION.c.withdrawn_at.is_(None),
    "in_force": DECISION.c.released_at.is_not(None) & DECISION.c.withdrawn_at.is_(None),
    "ended": DECISION.c.released_at.is_not(None) & DECISION.c.withdrawn_at.is_not(None),
    "dropped": DECISION.c.released_at.is_(None) & DECISION.c.withdrawn_at.is_not(None),
}
"""How a state is kept (`Decision.state`)."""


def _into(*states: DecisionState) -> sa.Update:
    """Of a decision that may become one of these: only where the table of transitions lets it follow."""
    before = sa.or_(*(IS_IN[each] for state in states for each in DECISION_STATES.before(state)))
    return DECISION.update().where(DECISION.c.id == sa.bindparam("decision"), before)


SET_RELEASED = _into("in_force").values(
    released_at=sa.bindparam("now"), released_by=sa.bindparam("by"), digest=sa.bindparam("said")
)
SET_WITHDRAWN = _into("ended", "dropped").values(
    withdrawn_at=sa.bindparam("now"), ended_because=sa.bindparam("why"), ended_on=sa.bindparam("last")
)
SET_PDF = (
    NOTICE.update()
    .where(NOTICE.c.token == sa.bindparam("of"), NOTICE.c.pdf_digest.is_(None))
    .values(pdf_digest=sa.bindparam("printed"), seal=sa.bindparam("sealing"))
)
DECIDED_MEANWHILE = Text(
    "In diesem Fall wurde gerade noch etwas entschieden. Bitte laden Sie ihn neu.",
    "Something else was decided in this case just now. Please load it anew.",
)
CATCHING_UP = Text(
    "Die Datenbank wurde aus einer Sicherung zurückgeholt und gleicht gerade ab, was schon entschieden war. Bitte "
    "versuchen Sie es in einigen Minuten noch einmal.",
    "The database was restored from a backup, and is finding out just now what had been decided. Please try again in a "
    "few minutes.",
)


class DecisionTables(Tables):
    _has_caught_up = False

    def decision_of(self, case_id: CaseId) -> Decision | None:
        """The latest that was not dropped before its release."""
        row = self.one(NEWEST_OF_CASE, case=str(case_id))
        return None if row is None else decision_from(row)

    def decisions_of(self, case_id: CaseId) -> Sequence[Decision]:
        """All, the first first."""
        return [decision_from(row) for row in self.rows(DECISIONS_OF_CASE, case=str(case_id))]

    def add_decision(self, decision: Decision) -> None:
        """Keep a new decision.

        Raises:
            Unavailable: where another transaction has decided in this round, or decisions that others know are still
                being asked for.
        """
        DECISION_STATES.check(None, decision.state)
        self._check_caught_up()
        try:
            self.run(ADD_DECISION, _values(decision))
        except sa.exc.IntegrityError as error:
            raise Unavailable(DECIDED_MEANWHILE) from error
        self.on_record(DECISIONS, str(decision.id))

    def _check_caught_up(self) -> None:
        """Before, nobody knows under which ids others have heard something else. Asked once in a session: whoever has
        caught up falls behind again only while its processes stand still."""
        if not self._has_caught_up and epochs.is_behind(self.session):
            raise Unavailable(CATCHING_UP)
        self._has_caught_up = True

    def set_released(self, decision: Decision) -> None:
        """Note when and by whom it was released, and the digest of what it says.

        Raises:
            Unavailable: while decisions that others know are still being asked for.
        """
        self._check_caught_up()
        values = {"now": decision.released_at, "by": decision.released_by, "said": decision.digest}
        self.change_one(SET_RELEASED, {"decision": str(decision.id), **values}, DECISION_STATES.refused)
        self.on_record(DECISIONS, str(decision.id))

    def set_terms(self, decision: Decision) -> None:
        """Of a decision that is just let out: what a person said then belongs to it."""
        terms = to_text(TERMS.dump_python(decision.terms, mode="json", exclude_defaults=True))
        mine = (DECISION.c.id == str(decision.id)) & DECISION.c.released_at.is_(None)
        self.run(DECISION.update().where(mine).values(terms=terms))
        self.on_record(DECISIONS, str(decision.id))

    def set_withdrawn(
        self, decision_id: DecisionId, because: Because, now: datetime, ended_on: date | None = None
    ) -> None:
        """Note that it ended, when and why.

        Args:
            ended_on: its last day, where that is still to come, which another end may move.

        Raises:
            Unavailable: for one that was dropped already.
        """
        values = {"now": now, "why": because, "last": ended_on}
        self.change_one(SET_WITHDRAWN, {"decision": str(decision_id), **values}, DECISION_STATES.refused)
        self.on_record(DECISIONS, str(decision_id))

    def add_notice(self, token: NoticeToken, decision_id: DecisionId, content: Notice, now: datetime) -> None:
        """Keep the notice's content under its token; the file is printed later."""
        self.run(
            ADD_NOTICE,
            {
                "token": token,
                "decision_id": str(decision_id),
                "content": to_text(content),
                "written_at": now,
            },
        )
        self.on_record(NOTICES, str(decision_id))

    def notice_of(self, decision_id: DecisionId) -> NoticeToken | None:
        """The token of a decision's notice; None: none was written."""
        row = self.one(sa.select(NOTICE.c.token).where(NOTICE.c.decision_id == str(decision_id)))
        return None if row is None else NoticeToken(row["token"])

    def notices_to_print(self, limit: int, now: datetime) -> Sequence[NoticeToPrint]:
        """Oldest first, without those that could not be printed and are not to be tried now."""
        return [
            NoticeToPrint(
                NoticeToken(row["token"]),
                from_text(row["content"]),
                DecisionId(UUID(row["decision_id"])),
                row["authority_id"],
            )
            for row in self.rows(TO_PRINT, most=limit, now=now)
        ]

    def notice(self, token: NoticeToken) -> StoredNotice | None:
        """What the notice says, with the PDF where it is printed; None: nobody has such a token."""
        row = self.one(NOTICE_BY_TOKEN, of=token)
        if row is None:
            return None
        pdf = contents.get(self.session, PDF, row["pdf_digest"])
        told = from_text(row["content"]), pdf, DecisionId(UUID(row["decision_id"])), row["authority_id"]
        return StoredNotice(*told, waits_for_seal=row["seal"] == SealState.WAITING)

    def set_pdf(self, token: NoticeToken, pdf: bytes, *, waits_for_seal: bool = False) -> None:
        """The first print counts: a notice never changes.

        Args:
            waits_for_seal: its authority seals it first.
        """
        sealing = SEAL_STATES.begin(SealState.WAITING) if waits_for_seal else None
        if self.run(SET_PDF, {"of": token, "printed": contents.digest_of(pdf), "sealing": sealing}):
            contents.put(self.session, PDF, pdf)

    def move_pdfs(self, after: str, limit: int) -> str | None:
        """Out of the rows of before (contents.move_all)."""
        chosen = sa.select(NOTICE.c.token, NOTICE.c.pdf).where(NOTICE.c.pdf.is_not(None), NOTICE.c.token > after)
        found = self.rows(chosen.order_by(NOTICE.c.token).limit(limit))
        for row in found:
            digest = contents.put(self.session, PDF, row["pdf"])
            self.run(NOTICE.update().where(NOTICE.c.token == row["token"]).values(pdf=None, pdf_digest=digest))
        return found[-1]["token"] if found else None

    def case_of_notice(self, token: NoticeToken, authority_id: AuthorityId | None = None) -> CaseId | None:
        """Whose notice it is; None where there is none, or it is not of `authority_id`."""
        chosen = sa.select(DECISION.c.case_id).join(NOTICE, NOTICE.c.decision_id == DECISION.c.id)
        if authority_id is not None:
            chosen = chosen.join(CASE, CASE.c.id == DECISION.c.case_id).where(CASE.c.authority_id == authority_id)
        row = self.one(chosen.where(NOTICE.c.token == token))
        return None if row is None else CaseId(UUID(row["case_id"]))

    def written_at(self, token: NoticeToken) -> datetime | None:
        """Since when the notice could be retrieved; None: nobody has such a token."""
        row = self.one(sa.select(NOTICE.c.written_at).where(NOTICE.c.token == token))
        return None if row is None else row["written_at"]

    def notice_written(self, decision_id: DecisionId) -> tuple[NoticeToken, datetime] | None:
        """Token and moment of a decision's notice; None: none was written."""
        row = self.one(sa.select(NOTICE.c.token, NOTICE.c.written_at).where(NOTICE.c.decision_id == str(decision_id)))
        return None if row is None else (NoticeToken(row["token"]), row["written_at"])


def _values(decision: Decision) -> dict[str, Any]:
    return {
        "id": str(decision.id),
        "case_id": str(decision.case_id),
        "authority_id": decision.authority_id,
        "outcome": decision.outcome,
        "valid_from": decision.valid_from,
        "valid_until": decision.valid_until,
        "own_share_cents": decision.own_share_cents,
        "covered_cents": decision.covered_cents,
        "distance_m": decision.distance_m,
        "limit_m": decision.limit_m,
        "reasons": to_text(decision.reasons),
        "rules_version": decision.rules_version,
        "facts": to_text(decision.facts),
        "ways": to_text(decision.routes),
        "decided_by": decision.decided_by,
        "prepared_at": decision.prepared_at,
        "released_at": decision.released_at,
        "released_by": decision.released_by,
        "round": decision.round,
        "because": decision.because,
        "terms": to_text(TERMS.dump_python(decision.terms, mode="json", exclude_defaults=True)),
        "digest": decision.digest,
    }


def decision_from(row: sa.RowMapping) -> Decision:
    """A row of the table of decisions, with its JSON read."""
    return Decision(
        id=DecisionId(UUID(row["id"])),
        case_id=CaseId(UUID(row["case_id"])),
        authority_id=row["authority_id"],
        outcome=cast(FinalOutcome, row["outcome"]),
        valid_from=row["valid_from"],
        valid_until=row["valid_until"],
        own_share_cents=row["own_share_cents"],
        covered_cents=row["covered_cents"],
        distance_m=row["distance_m"],
        limit_m=row["limit_m"],
        reasons=tuple(from_text(row["reasons"])),
        rules_version=row["rules_version"],
        facts=from_text(row["facts"]),
        routes=from_text(row["ways"]),
        decided_by=row["decided_by"],
        prepared_at=row["prepared_at"],
        released_at=row["released_at"],
        released_by=row["released_by"],
        round=row["round"],
        because=cast(Because | None, row["because"]),
        withdrawn_at=row["withdrawn_at"],
        ended_because=cast(Because | None, row["ended_because"]),
        terms=TERMS.validate_json(row["terms"]),
        digest=row["digest"],
        ended_on=row["ended_on"],
    )
