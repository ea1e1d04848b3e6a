"""Versions of an authority's rule set: what they are, who may do what with them, and the tables they need."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from typing import NewType, Protocol
from uuid import UUID, uuid4

from shared.errors import Conflict, Forbidden, NotFound, Text
from shared.events import AuthorityId
from shared.identity import Caller

from eligibility.domain.transitions import RULE_SET_STATES, RuleSetState
from eligibility.rules.rule_set.content import RuleSetContent
from eligibility.rules.rule_set.document import Document
from eligibility.workflow.ports import AuditTrail

RuleSetId = NewType("RuleSetId", UUID)
READERS = ("case_worker", "releaser", "administrator")
NOTHING_HERE = Text("Diesen Regelsatz gibt es hier nicht.", "There is no such rule set here.")
NOT_TRIED = Text(
    "Vor der Veröffentlichung müssen die Rechtstests dieses Standes laufen.",
    "The law tests must be run on this very version before it is published.",
)
NOT_GREEN = Text("Die Rechtstests sind nicht grün.", "The law tests are not green.")
OTHER_RULES_BY_NOW = Text(
    "Der Entwurf ergibt inzwischen andere Regeln: Programm oder Herkunft haben sich geändert. Speichern Sie ihn neu.",
    "The draft makes other rules by now, because the program or its origin has changed. Save it anew.",
)
CHANGED_SINCE = Text(
    "Der Entwurf wurde geändert, nachdem Sie diese Seite geöffnet hatten. Bitte lesen Sie ihn noch einmal.",
    "The draft was changed after you had opened this page. Please read it once more.",
)
SECOND_PERSON = Text(
    "Wer am Entwurf geschrieben hat, darf ihn nicht veröffentlichen. Das tut eine zweite Person.",
    "Who wrote at the draft must not publish it: a second person does.",
)


@dataclass(frozen=True)
class RuleSetVersion:
    id: RuleSetId
    authority_id: AuthorityId
    name: str
    state: RuleSetState
    rules_version: str
    text: str
    """As the authority wrote it."""
    content: RuleSetContent
    """Whole, with what comes from the origin: by this it decides, and is computed again."""
    origin: str | None
    """The version of the rule set that it adapts."""
    editors: tuple[str, ...]
    """OIDC subjects of all who wrote at it: none of them may publish it."""
    created_at: datetime
    changed_at: datetime
    published_by: str | None = None
    published_at: datetime | None = None
    in_force_from: date | None = None

    @property
    def mark(self) -> str:
        """By which a person says which text was read."""
        return mark_of(self.text)


def draft_of(
    document: Document,
    authority_id: AuthorityId,
    text: str,
    *,
    by: str,
    now: datetime,
    earlier: RuleSetVersion | None = None,
) -> RuleSetVersion:
    """What was written, as a draft.

    Args:
        document: what the text says.
        by: OIDC subject of who wrote it.
        earlier: the draft in whose place it comes.
    """
    rules = document.rules
    return RuleSetVersion(
        id=earlier.id if earlier else RuleSetId(uuid4()),
        authority_id=authority_id,
        name=rules.rule_set.name,
        state="draft",
        rules_version=rules.version,
        text=text,
        content=rules.rule_set.content(),
        origin=document.origin,
        editors=tuple(dict.fromkeys([*(earlier.editors if earlier else ()), by])),
        created_at=earlier.created_at if earlier else now,
        changed_at=now,
    )


def mark_of(text: str) -> str:
    """Of a draft's text: another text has another one."""
    return sha256(text.encode()).hexdigest()


def check_read(text: str, read: str | None, written: str | None = None) -> None:
    """That whoever acts on a draft has read it as it stands: nothing goes out unread, nothing is written over unseen.

    Args:
        text: of the draft, as it stands.
        read: the mark of what was read; None: by a program, which reads and acts at once.
        written: what comes in its place; the same once more is no conflict.

    Raises:
        Conflict: where it was changed since.
    """
    if read is not None and read != mark_of(text) and written != text:
        raise Conflict(CHANGED_SINCE, field="text")


class RuleSetStore(AuditTrail, Protocol):
    """Rule sets inside a transaction."""

    def rule_set(self, rule_set_id: RuleSetId, *, lock: bool = False) -> RuleSetVersion | None:
        """Of whatever authority; None: there is none.

        Args:
            lock: nobody else changes it until this transaction ends.
        """

    def rule_sets(self, authority_id: AuthorityId | None) -> Sequence[RuleSetVersion]:
        """Of an authority, newest first; None: the published ones of all."""

    def put_rule_set(self, version: RuleSetVersion) -> None:
        """Keep a version, or replace the draft that it was."""

    def archive(self, rules_version: str, content: RuleSetContent, now: datetime) -> None:
        """Keep what a version holds, once and for good."""


class Archive(Protocol):
    """What is kept of every version that ever decided, or was adapted."""

    def archived(self, rules_version: str) -> str | None:
        """The content as JSON."""


def readable_by(caller: Caller, authority_id: AuthorityId) -> None:
    """Not there and not yours are the same answer."""
    caller.require(*READERS)
    if caller.authority_id != authority_id:
        raise NotFound(NOTHING_HERE)


def of_authority(version: RuleSetVersion | None, authority_id: AuthorityId) -> RuleSetVersion:
    """The version, where it belongs to the authority.

    Raises:
        NotFound: where it does not, or there is none.
    """
    if version is None or version.authority_id != authority_id:
        raise NotFound(NOTHING_HERE)
    return version


def open_draft(version: RuleSetVersion) -> RuleSetVersion:
    """The version, where it may still change.

    Raises:
        Conflict: once it is published.
    """
    RULE_SET_STATES.check(version.state, "draft")
    return version


def publishable_by(
    version: RuleSetVersion, subject: str, in_force_from: date, today: date, *, alone: bool = False
) -> None:
    """Raise unless it was tried, a second person asks, and it does not reach back.

    Args:
        alone: the authority lets who wrote it publish it.
    """
    open_draft(version)
    if version.state != "tried":
        raise Conflict(NOT_TRIED, field="state")
    second_person(version.editors, subject, alone=alone)
    if in_force_from < today:
        text = "Ein Regelsatz kann nicht rückwirkend in Kraft treten.", "A rule set cannot come into force in the past."
        raise Conflict(Text(*text), field="in_force_from")


def second_person(editors: Collection[str], subject: str, *, alone: bool) -> None:
    """Raise Forbidden for who wrote at the draft, unless the authority lets one alone publish it."""
    if subject in editors and not alone:
        raise Forbidden(SECOND_PERSON, field="published_by")
