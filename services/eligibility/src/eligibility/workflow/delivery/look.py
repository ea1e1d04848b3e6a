"""Who may read a notice by its link alone, and the link of who is signed in.

A link can be forwarded, previewed and found in old mail: what it opens is a look, never a retrieval, for some weeks,
and nothing of anybody's health. Who is signed in at `application` gets a link that opens for some minutes, and by that
act has retrieved the notice (`application.notice_retrieved`).
"""

import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from shared.database import Transactions
from shared.errors import Forbidden, NotFound, Text, Unavailable
from shared.questions import NoticeAccessQuestion, NoticeAccessReply

from eligibility.domain.case import Case
from eligibility.domain.decision import Decision
from eligibility.domain.ids import CaseId, DecisionId, NoticeToken
from eligibility.domain.kept_facts import KeptFacts
from eligibility.domain.keys import Keys
from eligibility.workflow.desk.notices import NO_NOTICE
from eligibility.workflow.ports import Environment

LINK_DAYS = 60
"""So long a notice can be looked at by its link; two periods for an action."""
ACCESS = timedelta(minutes=5)
SIGN_IN = Text(
    "Dieser Bescheid öffnet sich nur nach der Anmeldung, auf der Seite Ihres Antrags.",
    "This notice opens only after signing in, on the page of your application.",
)
"""Why is not said: who may only look is not to learn that it tells of somebody's health."""
TOO_OLD = Text(
    "Dieser Link ist abgelaufen. Den Bescheid gibt es weiter: nach der Anmeldung, auf der Seite Ihres Antrags.",
    "This link has expired. The notice is still there: after signing in, on the page of your application.",
)
NOT_READY = Text("Der Bescheid wird noch gesiegelt.", "The notice is still being sealed.")


class LookStore(Protocol):
    """The store, as somebody looks at a notice."""

    def decision_of_notice(self, token: NoticeToken) -> tuple[Decision, datetime] | None:
        """The decision of which it tells, and when it was written; None: nobody has such a token."""

    def decision_by_id(self, decision_id: DecisionId) -> Decision | None:
        """Of whatever case."""

    def notice_written(self, decision_id: DecisionId) -> tuple[NoticeToken, datetime] | None:
        """Token and moment of a decision's notice; None: none was written."""

    def is_ready(self, token: NoticeToken) -> bool:
        """Whether it is printed, and waits for no seal."""

    def case(self, case_id: CaseId) -> Case | None:
        """None where there is none."""


@dataclass(frozen=True)
class NoticeLinks:
    """Opens notices by their links, and makes those of who is signed in. Nothing is kept."""

    transactions: Transactions[LookStore]
    environment: Environment

    async def check(self, token: NoticeToken, access: str | None) -> None:
        """Whether the notice may be shown now.

        Args:
            access: of a link that `answer` made; None: who asks has the token alone.

        Raises:
            NotFound: for a token of none, and where the time of the link is over.
            Forbidden: where it needs a sign-in.
        """
        now, keys = self.environment.now(), self.environment.keys
        found = await self.transactions.read(lambda store: store.decision_of_notice(token))
        if found is None:
            raise NotFound(NO_NOTICE)
        decision, written_at = found
        if access is not None and opens(access, token, decision, keys, now):
            return
        if now - written_at > timedelta(days=LINK_DAYS):
            raise NotFound(TOO_OLD)
        if tells_of_health(decision):
            raise Forbidden(SIGN_IN)

    async def answer(self, question: NoticeAccessQuestion) -> NoticeAccessReply:
        """Answers `eligibility.ask.notice_access`: application has asked who it is.

        Raises:
            Unavailable: while the notice waits for its seal: what cannot be opened is not to be noted as retrieved.
        """
        now = self.environment.now()

        def query(store: LookStore) -> tuple[NoticeToken, Decision] | None:
            decision = store.decision_by_id(DecisionId(question.decision_id))
            case = store.case(decision.case_id) if decision is not None else None
            found = store.notice_written(decision.id) if decision is not None else None
            if decision is None or case is None or found is None or case.application_id != question.application_id:
                return None
            if case.authority_id in self.environment.sealing and not store.is_ready(found[0]):
                raise Unavailable(NOT_READY)
            return found[0], decision

        found = await self.transactions.read(query)
        if found is None:
            return NoticeAccessReply(url=None)
        access = access_of(*found, self.environment.keys, now + ACCESS)
        return NoticeAccessReply(url=f"{self.environment.public_url}/v1/notices/{found[0]}?access={access}")


def tells_of_health(decision: Decision) -> bool:
    """Whether its reasons or its facts say something of anybody's health (Art. 9 GDPR)."""
    facts: KeptFacts = decision.facts
    pupil, transport = facts.get("pupil", {}), facts.get("transport", {})
    of_health = "health" in facts or "escort" in facts
    of_health |= bool(pupil.get("special_needs")) or bool(pupil.get("severely_disabled"))
    of_health |= any(transport.get(name) for name in ("public_unsuitable_proven", "public_unsuitable_claimed"))
    return of_health or any(each["rule"] in ("health", "escort") for each in decision.reasons)


def access_of(token: NoticeToken, decision: Decision, keys: Keys, until: datetime) -> str:
    """What opens this notice until a moment: seconds since 1970, and their digest under the authority's key."""
    seconds = int(until.timestamp())
    return f"{seconds}.{_digest(token, decision, keys.newest.of('notice', decision.authority_id), seconds)}"


def opens(access: str, token: NoticeToken, decision: Decision, keys: Keys, now: datetime) -> bool:
    """Whether it was made here for this notice, and its time is not over."""
    seconds, _, digest = access.partition(".")
    if not (seconds.isascii() and seconds.isdecimal() and len(seconds) < 12 and digest.isascii()):
        return False
    made = {_digest(token, decision, key.of("notice", decision.authority_id), int(seconds)) for key in keys.every}
    return any(hmac.compare_digest(digest, each) for each in made) and now.timestamp() <= int(seconds)


def _digest(token: NoticeToken, decision: Decision, key: bytes, seconds: int) -> str:
    return hmac.digest(key, f"{token}\x1f{decision.id}\x1f{seconds}".encode(), "sha256").hex()
