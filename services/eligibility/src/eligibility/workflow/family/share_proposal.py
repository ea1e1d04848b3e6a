"""A new own share: what is asked about it, on what it rests, and the decision that it becomes. Pure."""

from dataclasses import dataclass, replace
from datetime import datetime

from eligibility.domain.decision import Decision, in_turn
from eligibility.domain.family import Member
from eligibility.rules import texts, to_family
from eligibility.rules.findings import Finding, as_dict, met, note, question
from eligibility.workflow.family.share_change import HEARD
from eligibility.workflow.family.shares import Another

BASIS = "§ 97 Abs. 3 SchulG NRW, § 2 Abs. 3 SchfkVO"
CHANGED = note(
    "family", BASIS,
    "Welche Geschwister ein gefördertes Ticket haben, hat sich geändert; danach richtet sich der Eigenanteil.",
    "Which siblings have a funded ticket has changed; the own share follows that.",
)  # fmt: skip
SIBLINGS = question(
    "family", BASIS,
    "Ein anderes Kind mit gleichem Konto oder gleicher Wohnung könnte ein Geschwisterkind sein: Ist es das? "
    "Sonst bitte verwerfen.",
    "Another child of the same account or home may be a sibling: is it? If not, please drop this.",
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
    share: Another
    facts: dict[str, object]
    reasons: tuple[dict[str, str], ...]
    before: Decision
    likely: bool
    hear: bool

    def questions(self) -> tuple[dict[str, str], ...]:
        wanted = ((self.likely, SIBLINGS), (self.hear, HEAR), (self.before.decided_by != "rules", BY_PERSON))
        return tuple(as_dict(finding) for holds, finding in wanted if holds)

    def decision(self, me: Member, now: datetime) -> Decision:
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


def reasons_of(grant: Decision, found: Another, why: Finding = CHANGED) -> tuple[dict[str, str], ...]:
    """Those of the grant, with the own share as it is from that day on, and why."""
    basis = next((each["legal_basis"] for each in grant.reasons if each["rule"] == "own_share"), BASIS)
    share = met("own_share", basis, *texts.share_from(found.from_, found.cents))
    others = [each for each in grant.reasons if each["rule"] not in ("own_share", "family", "share_proof")]
    return (*others, as_dict(share), as_dict(why))
