"""The own shares of a family's children follow each other: worked out anew when one of them gets or loses its grant."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Protocol
from uuid import UUID

from shared.calendar import day_in_berlin
from shared.database import Transactions
from shared.errors import Conflict, Text, Unavailable
from shared.events import AuthorityId
from shared.identity import Caller
from shared.runtime.backlog import Backlog, row_key

from eligibility import rules as engine
from eligibility.domain.acts import ActKind
from eligibility.domain.decision import Decision
from eligibility.domain.family import Member
from eligibility.domain.ids import CaseId
from eligibility.rules import Facts, Rules, as_kept, canonical_json
from eligibility.workflow.access import free_for, own_authority, own_case
from eligibility.workflow.family.family import with_siblings
from eligibility.workflow.family.relations import LIKELY, Link, Relations, links
from eligibility.workflow.family.share_change import ShareStore, release_share_decision
from eligibility.workflow.family.share_proposal import ShareProposal, reasons_of
from eligibility.workflow.family.share_reasons import why_changed
from eligibility.workflow.family.shares import decided_shares, of_law, share_difference, worked_out
from eligibility.workflow.policy import policy_of
from eligibility.workflow.ports import (
    AuditTrail,
    AuthorityReader,
    CaseReader,
    CaseStates,
    DecisionWriter,
    Environment,
    FamilyStore,
    Outbox,
    Records,
)
from eligibility.workflow.settled_change import tell_settled

FAMILIES = "families"
"""The worker's name."""
AT_ONCE = 50
NONE_WAITS = Text(
    "Für diesen Fall wartet kein neuer Eigenanteil auf Freigabe.", "No new own share waits for release in this case."
)


@dataclass(frozen=True)
class DueFamily:
    """A case whose siblings' own shares are to be looked at."""

    id: UUID
    case_id: CaseId


class DueFamilies(Protocol):
    """The list of families whose own shares are to be looked at."""

    def families_due(self, limit: int, now: datetime) -> Sequence[DueFamily]:
        """Those whose time has come, at most `limit`."""

    def settled(self, due: Sequence[DueFamily]) -> None:
        """Take these off the list."""

    def archived(self, rules_version: str) -> str | None:
        """The content of a published rule set as JSON; None: no such version was kept."""


class SettleStore(ShareStore, FamilyStore, AuthorityReader, CaseReader, DueFamilies, AuditTrail, Protocol):
    """The store, as a family's own shares are worked out in it."""


class DropStore(CaseStates, DecisionWriter, Outbox, FamilyStore, CaseReader, AuditTrail, Protocol):
    """The store, as a person drops a share in it."""

    def deny(self, case_id: CaseId, other_id: CaseId, now: datetime) -> None:
        """Keep that a person has said these two are no siblings."""


class FamiliesStore(SettleStore, DropStore, Protocol):
    """The store, as all these steps use it."""


class Families:
    """Works the list of families that are due. Again changes nothing: what is decided already is not decided anew."""

    def __init__(
        self,
        transactions: Transactions[FamiliesStore],
        records: Records,
        environment: Environment,
        backlog: Backlog,
    ) -> None:
        self._transactions = transactions
        self._records = records
        self._environment = environment
        self._backlog = backlog
        self._parsed: dict[str, Rules] = {}

    async def settle(self) -> int:
        """Look at the next families that are due, a transaction each; those of a child alone, which is most of them,
        leave the list together. Returns how many; 0 when nothing is left.

        The list is read first: what is put on it meanwhile stays for the next time, so that of two siblings decided
        at the same moment the later one is seen.
        """
        due: Sequence[DueFamily] = await self._transactions.read(partial(_due, AT_ONCE, self._environment.now()))
        alone = await self._alone(due)
        if alone:
            await self._backlog.together(alone, _key, self._take_off)
        await self._backlog.each([each for each in due if each not in alone], _key, self._settle)
        return len(due)

    async def drop(self, caller: Caller, case_id: CaseId) -> None:
        """A person drops a share that was worked out: the likely children are no siblings, or it stays as it is.

        What was put to the person does not come again; the grant stays as it is.

        Raises:
            Conflict: where none waits.
        """
        authority_id = own_authority(caller, "case_worker")

        def step(store: DropStore) -> None:
            case = own_case(store, case_id, authority_id)
            members = store.family_of(case.id)
            me = next((each for each in members if each.case.id == case.id), None)
            waiting, now = me.waiting if me else None, self._environment.now()
            if me is None or me.grant is None or waiting is None or waiting.terms.grant_id is None:
                raise Conflict(NONE_WAITS, field="own_share")
            free_for(case, caller.subject)
            for other, how in links(me, members):
                if how == LIKELY:
                    store.deny(case.id, other.case.id, now)
            store.set_withdrawn(waiting.id, "decided_anew", now)
            store.set_state(case.id, "granted", now)
            store.set_reasons(case.id, me.grant.reasons)
            tell_settled(store, case, case.change_number, now, up_to=True)
            store.audit(authority_id=authority_id, subject=caller.subject, act=ActKind.OWN_SHARE_DROPPED,
                       case_id=case.id, now=now, detail={"decision": str(waiting.id)})  # fmt: skip

        await self._transactions.write(step)

    async def _alone(self, due: Sequence[DueFamily]) -> Sequence[DueFamily]:
        """Those of which nothing is to be worked out; none where one that cannot be read stands among them."""

        def query(store: FamilyStore) -> Sequence[DueFamily]:
            return [each for each in due if store.is_alone(each.case_id)]

        try:
            return await self._transactions.read(query) if due else ()
        except Unavailable:
            raise
        except Exception as error:
            self._backlog.log_apart(error)
            return ()

    async def _take_off(self, due: Sequence[DueFamily]) -> None:
        await self._transactions.write(lambda store: store.settled(due), wake=False)

    async def _settle(self, due: DueFamily) -> None:
        applicable = await self._applicable(due)
        await self._transactions.write(partial(self._look, due, applicable))

    async def _applicable(self, due: DueFamily) -> Rules | None:
        def query(store: FamilyStore) -> AuthorityId | None:
            members = store.family_of(due.case_id)
            return members[0].case.authority_id if _to_be_looked_at(members) else None

        authority_id = await self._transactions.read(query)
        return await self._records.rules_of(authority_id) if authority_id else None

    def _look(self, due: DueFamily, applicable: Rules | None, store: SettleStore) -> None:
        """1. Read the family, locked. 2. Each child's share against what is decided. 3. It is settled."""
        # 1.
        members = store.family_of(due.case_id) if applicable is not None else ()
        # 2.
        relations = Relations(members)
        for me in members if _to_be_looked_at(members) else ():
            self._share_of(me, relations, applicable, store)
        # 3.
        store.settled([due])

    def _share_of(self, me: Member, relations: Relations, applicable: Rules | None, store: SettleStore) -> None:
        grant, waiting = me.grant, me.waiting
        if grant is None or applicable is None or me.case.state not in ("granted", "prepared"):
            return
        if waiting is not None and waiting.terms.grant_id is None:
            return  # another decision waits: what comes of it puts the family on the list again
        linked = relations.links(me)
        proposal = self._proposal(me, grant, linked, self._rules(grant.rules_version, applicable, store))
        known = [each for each in _known(me) if proposal is not None and each.facts == proposal.facts]
        if me.case.change_number and (proposal is None or any(each.withdrawn_at for each in known)):
            tell_settled(store, me.case, me.case.change_number, self._environment.now(), up_to=True)
        if known:
            return
        if waiting is not None:
            store.set_withdrawn(waiting.id, "family_changed", self._environment.now())
        if proposal is not None:
            self._propose(me, proposal, applicable, store)
        elif waiting is not None:
            store.set_state(me.case.id, "granted", self._environment.now())
            store.set_reasons(me.case.id, grant.reasons)

    def _proposal(
        self, me: Member, grant: Decision, linked: Sequence[tuple[Member, Link]], rules: Rules
    ) -> ShareProposal | None:
        """From certain siblings; else, as a question, from likely ones."""
        if grant.decided_by != "rules" and all(each.moved_at <= grant.prepared_at for each, _ in linked):
            return None  # the person knew it
        for likely in (False, True) if any(how == LIKELY for _, how in linked) else (False,):
            content = with_siblings(me, linked, likely=likely)
            facts = Facts.model_validate_json(canonical_json(content))
            law = rules.law(me.case.school_year)
            new = worked_out(facts, rules, grant)
            if new is None or grant.valid_until is None:
                continue
            monthly = of_law(law, "own_share.changes_next_month", silent=True)
            today = day_in_berlin(self._environment.now())
            found = share_difference(decided_shares(grant), new, grant.valid_until, today, next_month=monthly)
            if found is not None:
                heard = of_law(law, "own_share.heard_before_rise", silent=True)
                kept_facts = as_kept(facts)
                why = why_changed(grant.facts, kept_facts, [each["birth_date"] for each in me.named])
                reasons = reasons_of(grant, found, why)
                asked_of = [each.case.id for each, how in linked if likely and how == LIKELY]
                return ShareProposal(
                    found, kept_facts, reasons, grant, likely, found.worse and heard, siblings=tuple(asked_of)
                )
        return None

    def _propose(self, me: Member, proposal: ShareProposal, applicable: Rules, store: SettleStore) -> None:
        """Better and certain is let out by the machine where the authority lets it; all else waits for a person."""
        authority = store.authority(me.case.authority_id)
        if authority is None:
            return
        decision = proposal.decision(me, self._environment.now())
        asked = proposal.questions()
        case = replace(me.case, state="prepared", reasons=(*asked, *decision.reasons))
        store.add_decision(decision)
        store.set_reasons(case.id, case.reasons)
        store.set_state(case.id, "prepared", self._environment.now())
        if proposal.siblings:
            detail = {"cases": [str(each) for each in proposal.siblings]}
            store.audit(authority_id=case.authority_id, subject="rules", act=ActKind.MAY_BE_SIBLINGS, case_id=case.id,
                        now=self._environment.now(), detail=detail)  # fmt: skip
        alone = not asked and not proposal.share.worse and me.case.assigned_to is None
        if alone and policy_of(authority, applicable).releases_itself("granted") and authority.can_send():
            release_share_decision(store, authority, case, decision, by="rules", environment=self._environment)

    def _rules(self, version: str, applicable: Rules, store: DueFamilies) -> Rules:
        """Those that the grant names: only the family has changed, not the law."""
        if version == applicable.version:
            return applicable
        if version not in self._parsed:
            content = store.archived(version)
            if content is None:
                return applicable
            self._parsed[version] = engine.parse(json.loads(content), None)
        return self._parsed[version]


def _to_be_looked_at(members: Sequence[Member]) -> bool:
    """Children of one family; a child alone only where its family told of a change."""
    return len(members) > 1 or any(each.case.change_number for each in members)


def _known(me: Member) -> list[Decision]:
    """Shares that wait for a person, and those that a person dropped."""
    never_out = [each for each in me.decisions if each.terms.grant_id is not None and each.released_at is None]
    return [each for each in never_out if each.withdrawn_at is None or each.ended_because == "decided_anew"]


def _key(due: DueFamily) -> str:
    return row_key(due.id)


def _due(limit: int, now: datetime, store: DueFamilies) -> Sequence[DueFamily]:
    return store.families_due(limit, now)
