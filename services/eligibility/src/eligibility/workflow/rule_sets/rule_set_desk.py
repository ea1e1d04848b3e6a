"""What people of an authority do with its rule sets: draft, try, publish, take over. Every act is kept."""

import asyncio
import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import structlog
from shared.calendar import day_in_berlin
from shared.database import Transactions
from shared.errors import Conflict, FieldProblem, Invalid, NotFound, Text
from shared.events import AuthorityId
from shared.identity import Caller

from eligibility.domain.acts import ActKind
from eligibility.domain.authority import Authority
from eligibility.rules import Rules, parse
from eligibility.rules.rule_set.difference import Change, offered_changes
from eligibility.rules.rule_set.document import Document
from eligibility.rules.trials.law_tests import FailedSentence, SentenceReport, check
from eligibility.workflow.ports import AuthorityReader, Environment
from eligibility.workflow.rule_sets.rule_set_ports import RuleSetDeskStore, RuleSetDocuments
from eligibility.workflow.rule_sets.rule_set_versions import (
    NOT_GREEN,
    NOTHING_HERE,
    OTHER_RULES_BY_NOW,
    Archive,
    RuleSetId,
    RuleSetStore,
    RuleSetVersion,
    check_read,
    draft_of,
    of_authority,
    open_draft,
    publishable_by,
    readable_by,
)

log = structlog.get_logger("rule_sets")


class RuleSetDesk:
    """Draft -> tried -> published by a second person -> in force from a date."""

    def __init__(
        self,
        transactions: Transactions[RuleSetDeskStore],
        environment: Environment,
        documents: RuleSetDocuments,
    ) -> None:
        self._transactions = transactions
        self._environment = environment
        self._documents = documents
        self._reading = asyncio.Semaphore(1)

    async def versions(self, caller: Caller, authority_id: AuthorityId) -> Sequence[RuleSetVersion]:
        """The authority's own, the newest first.

        Raises:
            Forbidden.
            NotFound: for who may not read them.
        """
        readable_by(caller, authority_id)

        def query(store: RuleSetStore) -> Sequence[RuleSetVersion]:
            return store.rule_sets(authority_id)

        return await self._transactions.read(query)

    async def library(self, caller: Caller) -> Sequence[RuleSetVersion]:
        """What other authorities have published, to take over."""
        caller.require("administrator", "case_worker", "releaser")
        return await self._shared()

    async def show(self, caller: Caller, authority_id: AuthorityId, rule_set_id: RuleSetId) -> RuleSetVersion:
        """One version.

        Raises:
            NotFound: for one of another authority.
        """
        readable_by(caller, authority_id)

        def query(store: RuleSetStore) -> RuleSetVersion:
            return of_authority(store.rule_set(rule_set_id), authority_id)

        return await self._transactions.read(query)

    async def draft(
        self,
        caller: Caller,
        authority_id: AuthorityId,
        text: str,
        rule_set_id: RuleSetId | None = None,
        read: str | None = None,
    ) -> RuleSetVersion:
        """A new draft, or what is written in place of one. Whatever is refused leaves the version in force untouched.

        1. Only its own authority writes. 2. The text is checked whole. 3. In the transaction: who wrote is kept.

        Args:
            read: see `check_read`.
        """
        # 1.
        self._own(caller, authority_id, "draft")
        # 2.
        document = await self._read(text, await self._published())
        # 3.
        now = self._environment.now()

        def step(store: RuleSetStore) -> RuleSetVersion:
            earlier = _hold_draft(store, rule_set_id, authority_id) if rule_set_id else None
            if earlier is not None:
                check_read(earlier.text, read, text)
            version = draft_of(document, authority_id, text, by=caller.subject, now=now, earlier=earlier)
            store.put_rule_set(version)
            if document.origin_rules is not None:  # so that what it changes later can be told
                store.archive(document.origin_rules.version, document.origin_rules.rule_set.content(), now)
            self._kept(
                store, version, caller, ActKind.RULE_SET_DRAFTED if earlier is None else ActKind.RULE_SET_CHANGED
            )
            return version

        return await self._transactions.write(step)

    async def try_out(self, caller: Caller, authority_id: AuthorityId, rule_set_id: RuleSetId) -> SentenceReport:
        """Run its own law tests, those of its law and those of its origin; green makes it tried."""
        self._own(caller, authority_id, "try")
        version = await self.show(caller, authority_id, rule_set_id)
        checked = await self._checked(version)

        def step(store: RuleSetStore) -> None:
            now = _hold_draft(store, rule_set_id, authority_id)
            if now.text != version.text or checked.failed:
                return  # it was changed meanwhile, or is red: it stays a draft
            store.put_rule_set(replace(now, state="tried"))
            self._kept(store, now, caller, ActKind.RULE_SET_TRIED)

        await self._transactions.write(step)
        return checked

    async def publish(
        self,
        caller: Caller,
        authority_id: AuthorityId,
        rule_set_id: RuleSetId,
        in_force_from: date,
        read: str | None = None,
    ) -> RuleSetVersion:
        """By a second person, unless the authority has chosen otherwise, with green law tests, from today or later.

        1. Its own administrator asks. 2. All law tests are run once more: what is published is what was tested.
        3. In the transaction: state and content are kept for good.

        Args:
            read: see `check_read`.
        """
        # 1.
        self._own(caller, authority_id, "publish")
        tried = await self.show(caller, authority_id, rule_set_id)
        # 2.
        now, alone = self._environment.now(), await self.publishes_alone(authority_id)
        publishable_by(tried, caller.subject, in_force_from, day_in_berlin(now), alone=alone)
        checked = await self._checked(tried)
        if checked.failed:
            raise Invalid(NOT_GREEN, problems=[_red(each) for each in checked.failed])

        # 3.
        def step(store: RuleSetStore) -> RuleSetVersion:
            version = of_authority(store.rule_set(rule_set_id, lock=True), authority_id)
            check_read(version.text, tried.mark)  # what was tested
            check_read(version.text, read)
            publishable_by(version, caller.subject, in_force_from, day_in_berlin(now), alone=alone)
            version = replace(
                version, state="published", published_by=caller.subject, published_at=now, in_force_from=in_force_from
            )
            store.put_rule_set(version)
            store.archive(version.rules_version, version.content, now)
            self._kept(store, version, caller, ActKind.RULE_SET_PUBLISHED)
            return version

        return await self._transactions.write(step)

    async def publishes_alone(self, authority_id: AuthorityId) -> bool:
        """Whether who wrote at a rule set of this authority may publish it."""

        def query(store: AuthorityReader) -> Authority | None:
            return store.authority(authority_id)

        found = await self._transactions.read(query)
        return found is not None and "rule_set" not in found.second_person_for

    async def take_over(
        self, caller: Caller, authority_id: AuthorityId, source_id: RuleSetId, name: str
    ) -> RuleSetVersion:
        """A published version as the origin of an own draft: with its law tests, without adaptations yet."""
        self._own(caller, authority_id, "take over")
        source = next((each for each in await self.library(caller) if each.id == source_id), None)
        if source is None:
            raise NotFound(NOTHING_HERE)
        document = await self._read(source.text, await self._published())
        own = {
            "name": name,
            "title": document.rules.rule_set.title,
            "version": "1",
            "origin": source.rules_version,
            "tests": document.tests.model_dump(mode="json"),
        }
        return await self.draft(caller, authority_id, self._documents.as_yaml(own))

    async def origin_difference(
        self, caller: Caller, authority_id: AuthorityId, rule_set_id: RuleSetId
    ) -> tuple[str | None, list[Change]]:
        """The origin's newest version and what it changed; own adaptations are marked, nothing is overwritten."""
        version = await self.show(caller, authority_id, rule_set_id)
        published = await self._published()
        then = await self._archived(version.origin)
        if then is None:
            return None, []
        document = await self._read(version.text, published)
        newest = newest_of(then, published, self._documents.preset_or_none(then.rule_set.name))
        return newest.version, offered_changes(then.rule_set, newest.rule_set, document.adapted)

    async def _checked(self, version: RuleSetVersion) -> SentenceReport:
        """Raises Conflict where its text makes another rule set by now."""
        shared = await self._shared()
        published = {each.rules_version: parse(each.content, None) for each in shared}
        document = await self._read(version.text, published)
        if document.rules.version != version.rules_version:
            raise Conflict(OTHER_RULES_BY_NOW, field="version")
        source = next((each for each in shared if each.rules_version == document.origin), None)
        tests = (await self._read(source.text, published)).tests if source is not None else None
        return await asyncio.to_thread(check, document, tests)

    async def _read(self, text: str, published: dict[str, Rules]) -> Document:
        """Beside the event loop, one at a time: a long text takes a second, for which nobody else waits."""
        async with self._reading:
            return await asyncio.to_thread(self._documents.from_text, text, published)

    async def _archived(self, rules_version: str | None) -> Rules | None:
        def query(store: Archive) -> str | None:
            return store.archived(rules_version) if rules_version is not None else None

        content = await self._transactions.read(query)
        return parse(json.loads(content), None) if content is not None else None

    async def _shared(self) -> Sequence[RuleSetVersion]:
        def query(store: RuleSetStore) -> Sequence[RuleSetVersion]:
            return store.rule_sets(None)

        return await self._transactions.read(query)

    async def _published(self) -> dict[str, Rules]:
        return {each.rules_version: parse(each.content, None) for each in await self._shared()}

    def _own(self, caller: Caller, authority_id: AuthorityId, act: str) -> None:
        """Raises Forbidden for who writes no rule sets; for another authority's, what is said of one that is not there.
        A stranger's attempt goes to the log: nobody writes into the audit trail of another authority."""
        caller.require("administrator")
        if caller.authority_id != authority_id:
            log.warning("rule_set_of_another_authority", authority=authority_id, by=caller.authority_id, act=act)
            raise NotFound(NOTHING_HERE)

    def _kept(self, store: RuleSetStore, version: RuleSetVersion, caller: Caller, act: ActKind) -> None:
        store.audit(
            authority_id=version.authority_id,
            subject=caller.subject,
            act=act,
            case_id=version.id,
            now=self._environment.now(),
        )


def _hold_draft(store: RuleSetStore, rule_set_id: RuleSetId, authority_id: AuthorityId) -> RuleSetVersion:
    """The draft, which nobody else changes until this transaction ends.

    Raises:
        NotFound.
        Conflict: once published.
    """
    return open_draft(of_authority(store.rule_set(rule_set_id, lock=True), authority_id))


def newest_of(then: Rules, published: dict[str, Rules], preset: Rules | None) -> Rules:
    """The last published of the same name; for a preset, the one of this program."""
    same = [each for each in published.values() if each.rule_set.name == then.rule_set.name]
    return preset or (same[0] if same else then)


def _red(failed: FailedSentence) -> FieldProblem:
    said = ", ".join(f"{key}: {wanted!r} ≠ {came!r}" for key, (wanted, came) in failed.differences.items())
    german = "".join(f" {text.de}" for _, text in failed.because)
    english = "".join(f" {text.en}" for _, text in failed.because)
    return FieldProblem("tests", Text(f"„{failed.name}“ ({failed.basis}): {said}.{german}",
                                      f"“{failed.name}” ({failed.basis}): {said}.{english}"))  # fmt: skip


__all__ = ["RuleSetDesk", "RuleSetDocuments"]
