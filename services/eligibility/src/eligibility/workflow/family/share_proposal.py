"""A new own share: what is asked about it, on what it rests, and the decision that it becomes. Pure."""

from dataclasses import dataclass, replace
from datetime import datetime

from eligibility.domain.decision import Decision, in_turn
from eligibility.domain.family import Member
from eligibility.domain.ids import CaseId
from eligibility.domain.kept_facts import KeptFacts
from eligibility.rules import texts, to_family
from eligibility.rules.findings import Finding, as_dict, met, question
from eligibility.workflow.family.share_change import HEARD
from eligibility.workflow.family.share_reasons import BASIS
from eligibility.workflow.family.shares import ShareChange

SIBLINGS = question(
    "family", BASIS,
    "Ein anderes Kind mit gleichem Konto oder gleicher Wohnung könnte ein Geschwisterkind sein: Ist es das? Wenn ja, "
    "bitte freigeben; wenn nein, bitte „Kein Geschwisterkind“ wählen.",
    "Another child of the same account or home may be a sibling: is it? If so, please release; if not, please choose "
    "“No sibling”.",
    family=to_family.WE_LOOK_AT_THE_SHARE,
)  # fmt: skip
HEAR = question(
    HEARD, "§ 28 VwVfG NRW",
    "Der Eigenanteil steigt: Wurde die Familie dazu angehört?", "The own share rises: was the family heard?",
    family=to_family.WE_LOOK_AT_THE_SHARE,
)  # fmt: skip
BY_PERSON = question(
    "own_share", BASIS,
    "Eine Person hat den bisherigen Eigenanteil festgesetzt: Soll er sich mit der Reihenfolge der Kinder ändern?",
    "A person set the present own share: shall it change with the order of the children?",
    family=to_family.WE_LOOK_AT_THE_SHARE,
)  # fmt: skip


@dataclass(frozen=True)
class ShareProposal:
    share: ShareChange
    facts: KeptFacts
    reasons: tuple[dict[str, str], ...]
    before: Decision
    likely: bool
    hear: bool
    siblings: tuple[CaseId, ...] = ()
    """The cases of which a person is asked whether they are a sibling's."""

    def questions(self) -> tuple[dict[str, str], ...]:
        """What a person must answer before the new share goes out, as it is kept; none: it goes out by itself."""
        wanted = ((self.likely, SIBLINGS), (self.hear, HEAR), (self.before.decided_by != "rules", BY_PERSON))
        return tuple(as_dict(finding) for holds, finding in wanted if holds)

    def decision(self, me: Member, now: datetime) -> Decision:
        """The decision on the own share alone, not released; the grant goes on.

        Args:
            me: whose share it is.
        """
        terms = replace(
            self.before.terms,
            grant_id=self.before.terms.grant_id or self.before.id,
            share_from=self.share.from_,
            own_share_changes=self.share.changes,
        )
        covered = self.before.covered_cents
        made = replace(
            self.before,
            own_share_cents=self.share.cents,
            covered_cents=None if covered is None else covered + self.share.before_cents - self.share.cents,
            reasons=self.reasons,
            facts=self.facts,
            prepared_at=now,
            released_at=None,
            released_by=None,
            digest=None,
            because="family_changed",
            terms=terms,
        )
        return in_turn(made, me.decisions)


def reasons_of(grant: Decision, found: ShareChange, why: Finding) -> tuple[dict[str, str], ...]:
    """Those of the grant, with the own share as it is from that day on, and why."""
    basis = next((each["legal_basis"] for each in grant.reasons if each["rule"] == "own_share"), BASIS)
    share = met("own_share", basis, *texts.share_from(found.from_, found.cents))
    others = [each for each in grant.reasons if each["rule"] not in ("own_share", "family", "share_proof")]
    return (*others, as_dict(share), as_dict(why))
