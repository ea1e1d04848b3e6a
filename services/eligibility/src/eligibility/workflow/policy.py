"""How an authority decides: what its rule set in force chooses, and, where that is silent, what its settings say. Pure.

The only place where the two meet. The rule set is the one whose version the decision names, so that what was chosen
then can be looked up for good; the settings hold for authorities that decide by a preset.
"""

from dataclasses import dataclass

from geography.model import Measurement

from eligibility.domain.authority import Authority, Release
from eligibility.domain.decision import FinalOutcome
from eligibility.rules import Rules
from eligibility.rules.rule_set.choices import Choices

WITHOUT_ENTRANCE = frozenset({"school_point_not_entrance", "connector_from_over_50_m", "connector_to_over_50_m"})
"""Flags of a way of which an end is not sure."""


@dataclass(frozen=True)
class DecisionPolicy:
    release_by_person: Release
    """What a person must release before it goes out."""
    review_band_m: float
    """Within so many metres of a limit, a person looks."""
    review_band_without_entrance_m: float
    """The same for a way of which an end is not sure: never less."""
    rules: Rules
    """In force: the version that the decision names."""

    @property
    def choices(self) -> Choices:
        """What the authority has chosen beyond the parameters of the law."""
        return self.rules.rule_set.choices

    def band_of(self, way: Measurement | None) -> float:
        """Metres around a limit within which this way leaves the decision to a person. Aachen, 1,680 ways to schools
        with a known entrance: measured to the register's point instead, 44 % differ by more than 50 m, 11.5 % by more
        than 150 m."""
        if way is not None and WITHOUT_ENTRANCE & set(way.flags):
            return self.review_band_without_entrance_m
        return self.review_band_m

    def releases_itself(self, outcome: FinalOutcome) -> bool:
        """Whether the machine may let this outcome out."""
        if self.release_by_person == "nothing":
            return True
        return self.release_by_person == "refusals" and outcome == "granted"


def policy_of(authority: Authority, rules: Rules) -> DecisionPolicy:
    """Of this authority, by these rules. A band of 0 m is a choice too."""
    choices = rules.rule_set.choices
    band = authority.review_band_m if choices.review_band_m is None else choices.review_band_m
    without = choices.review_band_without_entrance_m
    wider = authority.review_band_without_entrance_m if without is None else without
    return DecisionPolicy(
        release_by_person=choices.release_by_person or authority.release_by_person,
        review_band_m=band,
        review_band_without_entrance_m=max(band, wider),
        rules=rules,
    )
